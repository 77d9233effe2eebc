using Gateway.Domain.Configuration;

namespace Gateway.Domain.Compliance;

/// <summary>What a published figure is: name, formula, and what stands in it.</summary>
/// <param name="Formula">In the symbols of <paramref name="Terms"/>; the result is floored to three decimals, "n/a" when the denominator is 0.</param>
/// <param name="Goal">It is a rule that asks for 100 %.</param>
public sealed record Figure(string Id, LocalText Name, string Formula, IReadOnlyList<FigureTerm> Terms, LocalText Meaning, bool Goal = false);

/// <summary>One number of a formula.</summary>
/// <param name="Unit"><c>ms</c>, <c>d</c> (civil days) or <c>1</c> (a count).</param>
public sealed record FigureTerm(string Symbol, LocalText Name, string Unit);

/// <summary>A figure with its numbers.</summary>
/// <param name="Terms">The value of each term of the definition, in its order.</param>
/// <param name="Share">Numerator and denominator; null for a product of shares.</param>
/// <param name="Percent">Floored to three decimals; null: nothing to be a share of.</param>
public sealed record FigureValue(Figure Figure, IReadOnlyList<long> Terms, Rate? Share, string? Percent, bool Met);
