using System.Text.Json;

namespace EdgeGuard.Edge.Llm;

/// <summary>Tells which member names of events mean something.</summary>
internal static class StreamMembers
{
    private static readonly (byte[] Name, StreamMember Member)[] Known =
    [
        ("content"u8.ToArray(), StreamMember.Text),
        ("text"u8.ToArray(), StreamMember.Text),
        ("delta"u8.ToArray(), StreamMember.Delta),
        ("index"u8.ToArray(), StreamMember.Index),
        ("choices"u8.ToArray(), StreamMember.Choices),
        ("candidates"u8.ToArray(), StreamMember.Candidates),
        ("finish_reason"u8.ToArray(), StreamMember.Finish),
        ("finishReason"u8.ToArray(), StreamMember.Finish),
        ("type"u8.ToArray(), StreamMember.Type),
        ("id"u8.ToArray(), StreamMember.Id),
        ("responseId"u8.ToArray(), StreamMember.Id),
        ("model"u8.ToArray(), StreamMember.Model),
        ("modelVersion"u8.ToArray(), StreamMember.Model),
        ("created"u8.ToArray(), StreamMember.Created),
        ("created_at"u8.ToArray(), StreamMember.Created),
        ("object"u8.ToArray(), StreamMember.Object),
        ("usage"u8.ToArray(), StreamMember.Usage),
        ("arguments"u8.ToArray(), StreamMember.Arguments),
        ("partial_json"u8.ToArray(), StreamMember.Text),
        ("thinking"u8.ToArray(), StreamMember.Text),
        ("reasoning_content"u8.ToArray(), StreamMember.Text),
        ("reasoning"u8.ToArray(), StreamMember.Text),
        ("refusal"u8.ToArray(), StreamMember.Text),
        ("code"u8.ToArray(), StreamMember.Text),
        ("output"u8.ToArray(), StreamMember.Text),
        ("name"u8.ToArray(), StreamMember.Text),
        ("args"u8.ToArray(), StreamMember.ArgumentTree),
        ("logprobs"u8.ToArray(), StreamMember.LogProbs),
        ("response"u8.ToArray(), StreamMember.Response),
        ("content_block"u8.ToArray(), StreamMember.Block),
        ("message"u8.ToArray(), StreamMember.Message),
        ("sequence_number"u8.ToArray(), StreamMember.SequenceNumber),
    ];

    /// <summary>What the name that a reader stands on means.</summary>
    public static StreamMember Of(ref readonly Utf8JsonReader reader)
    {
        foreach (var (name, member) in Known)
        {
            if (reader.ValueTextEquals(name))
            {
                return member;
            }
        }

        return StreamMember.None;
    }
}
