namespace AsyncJobs;

/// <summary>An exception that brings the stable id scripts know it by.</summary>
public interface IHasErrorId
{
    /// <summary>The stable id: letters only, never translated.</summary>
    string ErrorId { get; }
}
