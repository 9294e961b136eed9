using AsyncJobs.Core.Synchronization;

namespace AsyncJobs.Core.Tests;

public class RecentUsersTests
{
    [Fact]
    public void Note_Several_AreTheLastFewLatestFirst()
    {
        var users = new RecentUsers();
        Assert.Empty(users.ToArray());

        Array.ForEach([7, 7, RecentUsers.Script, 8], users.Note);
        Assert.Equal([8, RecentUsers.Script, 7], users.ToArray());
        Array.ForEach([7, 9, 10, 11], users.Note);
        Assert.Equal([11, 10, 9, 7], users.ToArray());
    }
}
