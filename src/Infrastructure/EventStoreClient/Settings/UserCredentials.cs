using System.Text;

namespace EventStore.Client;

public class UserCredentials
{
    private readonly string authorization;

    public UserCredentials(string username, string password)
    {
        (Username, Password) = (username, password);
        authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}"));
    }

    public UserCredentials(string bearerToken) => authorization = "Bearer " + bearerToken;

    public string? Username { get; }

    public string? Password { get; }

    /// <summary>As the header <c>authorization</c> has it: a secret.</summary>
    public override string ToString() => authorization;

    public static implicit operator string(UserCredentials self) => self.ToString();
}
