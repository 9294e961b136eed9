namespace AsyncJobs.Core.Diagnostics;

/// <summary>A wait that a host has asked for, or that is there to spare it; its text says which.</summary>
internal interface IHostWait;
