using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using EventSourcedStreams.Sqlite;

namespace EventSourcedStreams.Infrastructure.Tests.Catalog;

public sealed class CatalogSumTests
{
    [Fact]
    public void A_rows_sum_is_for_ever_of_each_value_behind_its_kind_and_length()
    {
        object?[] row = [1L, null, "two", -42L, "", "häß", "cut\0off", long.MinValue, new string('x', 3_000)];

        CatalogSum.Of(row).Should().Be(SumOf("i1:1n0:t3:twoi3:-42t0:t3:häßt3:cuti20:-9223372036854775808t3000:" + new string('x', 3_000)));
        CatalogSum.Of([]).Should().Be(SumOf(""));
    }

    private static long SumOf(string text) => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
