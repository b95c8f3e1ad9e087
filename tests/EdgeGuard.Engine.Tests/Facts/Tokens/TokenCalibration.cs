using EdgeGuard.Engine.Facts.Tokens;

namespace EdgeGuard.Engine.Tests.Facts.Tokens;

/// <summary>Finds the weights of a family: least squares of relative errors with no weight below zero, by coordinate descent, and 5 % on top.</summary>
internal static class TokenCalibration
{
    private const int Rounds = 4000;
    private const double Ridge = 1e-4;
    private const double Usual = 0.3;
    private const double Margin = 1.05;

    public static int[] Weights(TokenCorpus corpus, string family)
    {
        var texts = TokenCorpus.TextsOf(TokenCorpus.Fit);
        var rows = new double[texts.Length][];
        for (var i = 0; i < rows.Length; i++)
        {
            var units = TokenCorpus.UnitsOf(texts[i].Text);
            rows[i] = new double[FeatureCounts.Count];
            for (var j = 0; j < FeatureCounts.Count; j++)
            {
                rows[i][j] = (double)units.Counts[j] / corpus.CountOf(family, texts[i].Name);
            }
        }

        return [.. Solve(rows).Select(weight => (int)Math.Floor((weight * Margin * 100) + 0.5))];
    }

    private static double[] Solve(double[][] rows)
    {
        var weights = Enumerable.Repeat(Usual, FeatureCounts.Count).ToArray();
        var rest = rows.Select(row => (row.Sum() * Usual) - 1).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var j = 0; j < weights.Length; j++)
            {
                double slope = Ridge * (weights[j] - Usual), bend = Ridge;
                for (var i = 0; i < rows.Length; i++)
                {
                    slope += rows[i][j] * rest[i];
                    bend += rows[i][j] * rows[i][j];
                }

                var change = Math.Max(0, weights[j] - (slope / bend)) - weights[j];
                weights[j] += change;
                for (var i = 0; i < rows.Length; i++)
                {
                    rest[i] += rows[i][j] * change;
                }
            }
        }

        return weights;
    }
}
