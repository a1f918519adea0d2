namespace EventSourcedStreams.OpenAI;

/// <summary>Puts pieces of base64 together into one: some are encoded each by itself, with padding, others are cut from
/// a longer one anywhere. From the first that is no base64 on, all goes on as it came: none of it is lost.</summary>
internal sealed class Base64Joining
{
    private string chars = "";
    private byte[] bytes = [];
    private bool isBroken;

    /// <summary>What can be said so far: a multiple of four characters without padding.</summary>
    public string Add(string piece)
    {
        if (isBroken) return piece;
        chars += string.Concat(piece.Where(c => !char.IsWhiteSpace(c)));
        var decoded = new MemoryStream();
        decoded.Write(bytes);
        var start = 0;
        while (start + 4 <= chars.Length)
        {
            var padding = chars.IndexOf('=', start);
            var end = padding < 0 ? start + ((chars.Length - start) / 4 * 4) : ((padding / 4) + 1) * 4;
            if (end > chars.Length) break;
            if (!TryDecode(chars[start..end], decoded)) return Broken(decoded.ToArray(), chars[start..]);
            start = end;
        }

        chars = chars[start..];
        return Encode(decoded.ToArray(), isEnd: false);
    }

    /// <summary>The rest, padded.</summary>
    public string End()
    {
        if (isBroken) return "";
        var decoded = new MemoryStream();
        decoded.Write(bytes);
        // Padding may be left out.
        if (chars.Length > 0 && !TryDecode(chars.PadRight(4, '='), decoded)) return Broken(bytes, chars);
        chars = "";
        return Encode(decoded.ToArray(), isEnd: true);
    }

    private string Broken(byte[] before, string asItCame)
    {
        (isBroken, chars, bytes) = (true, "", []);
        return Convert.ToBase64String(before) + asItCame;
    }

    private string Encode(byte[] all, bool isEnd)
    {
        var whole = isEnd ? all.Length : all.Length / 3 * 3;
        bytes = all[whole..];
        return Convert.ToBase64String(all, 0, whole);
    }

    private static bool TryDecode(string quads, MemoryStream into)
    {
        var room = new byte[quads.Length / 4 * 3];
        var isGood = Convert.TryFromBase64String(quads.Replace('-', '+').Replace('_', '/'), room, out var count);
        if (isGood) into.Write(room, 0, count);
        return isGood;
    }
}
