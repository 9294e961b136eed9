namespace AsyncJobs.Core.Tests;

public class TaskOutputTests
{
    [Fact]
    public void Collapse_Nothing_IsNull() => Assert.Null(TaskOutput.None.Collapse());

    [Fact]
    public void Collapse_OneObject_IsThatObject()
    {
        var only = new object();

        Assert.Same(only, new TaskOutput([only]).Collapse());
    }

    [Fact]
    public void Collapse_OneNull_IsNull() => Assert.Null(new TaskOutput([null]).Collapse());

    [Fact]
    public void Collapse_OneArray_IsThatArray()
    {
        int[] only = [1, 2];

        Assert.Same(only, new TaskOutput([only]).Collapse());
    }

    [Fact]
    public void Collapse_Several_IsAnArrayInOrder()
    {
        object? collapsed = new TaskOutput([1, null, "three"]).Collapse();

        Assert.Equal(new object?[] { 1, null, "three" }, Assert.IsType<object?[]>(collapsed));
    }
}
