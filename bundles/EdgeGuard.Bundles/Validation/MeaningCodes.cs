namespace EdgeGuard.Bundles.Validation;

/// <summary>Codes of findings that need a look at more than one value.</summary>
internal static class MeaningCodes
{
    public const string DuplicatePolicyId = "EG1201";
    public const string DuplicateRuleName = "EG1202";
    public const string BurstBelowRate = "EG1203";
    public const string BurstBelowCost = "EG1204";
    public const string CostFieldsContradict = "EG1205";
    public const string MinCostRequired = "EG1206";
    public const string ClaimWithoutIssuer = "EG1207";
    public const string AddressWithoutTrustedProxies = "EG1208";
    public const string UnknownCluster = "EG1209";
    public const string DuplicateKillSwitchId = "EG1210";
    public const string OverrideIncomplete = "EG1211";
    public const string DuplicateIssuer = "EG1212";
    public const string IssuerKeySource = "EG1213";
    public const string FetchHostNotAllowed = "EG1214";
    public const string ExpiryOrder = "EG1215";
    public const string PathNotCanonical = "EG1216";
    public const string TwoPathSelectors = "EG1217";
    public const string RepeatedDescriptor = "EG1218";
    public const string StagedActions = "EG1219";
    public const string RefillTooSlow = "EG1220";
    public const string LlmLimitsContradict = "EG1221";
    public const string WindowContradicts = "EG1222";
    public const string HierarchyLevels = "EG1223";
    public const string UnknownTier = "EG1224";
    public const string DuplicateId = "EG1225";
    public const string HostInvalid = "EG1226";
    public const string TierPlanField = "EG1227";
    public const string BreakerIncomplete = "EG1228";
    public const string AdaptiveLimitsContradict = "EG1229";
    public const string UnknownClass = "EG1230";
    public const string UnknownTimeZone = "EG1231";
    public const string CostAboveLimit = "EG1232";
    public const string PrecisionTooFine = "EG1233";
    public const string DescriptorNotTrusted = "EG1234";
    public const string ShadowOfHierarchy = "EG1235";
    public const string MembershipOutsideMatch = "EG1236";
    public const string CredentialWithoutSource = "EG1237";
    public const string AgentKeySource = "EG1260";
    public const string AgentAlgorithm = "EG1261";
    public const string AgentComponents = "EG1262";
    public const string AgentKeyUnusable = "EG1263";
    public const string KeyDirectory = "EG1264";
    public const string IdentityContradicts = "EG1238";
    public const string ForwardHeader = "EG1239";
    public const string IssuerTimesContradict = "EG1250";
    public const string PublicKeyInvalid = "EG1251";
    public const string UnknownWebhook = "EG1280";
    public const string WebhookFields = "EG1281";
    public const string WebhookTemplate = "EG1282";
    public const string WebhookIdReserved = "EG1283";
}
