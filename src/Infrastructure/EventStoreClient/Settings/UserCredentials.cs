using System.Text;

namespace EventStore.Client;

public class UserCredentials
{
    public UserCredentials(string username, string password) =>
        Authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}"));

    /// <summary>As the header <c>authorization</c> has it: a secret.</summary>
    internal string Authorization { get; }
}
