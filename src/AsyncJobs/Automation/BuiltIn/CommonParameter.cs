namespace AsyncJobs.Automation.BuiltIn;

/// <summary>A parameter that every cmdlet and every advanced function has.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Alias">The parameter's other name.</param>
/// <param name="Use">What the parameter is for.</param>
/// <param name="Preference">The preference variable that a function sees the parameter as, or null.</param>
internal sealed record CommonParameter(string Name, string Alias, CommonParameterUse Use, string? Preference = null);
