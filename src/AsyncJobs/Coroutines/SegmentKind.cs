namespace AsyncJobs;

/// <summary>What a segment is, which says what an error in it ends.</summary>
internal enum SegmentKind
{
    /// <summary>Whole statements: each ends by itself.</summary>
    Statements,

    /// <summary>A part of a statement, which ends with it.</summary>
    Part,

    /// <summary>A question of ours about an error, which is to come out as it is.</summary>
    Judging,
}
