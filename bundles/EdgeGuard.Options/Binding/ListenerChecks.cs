using EdgeGuard.Options.Reading;

namespace EdgeGuard.Options.Binding;

/// <summary>What must hold between listeners, certificates and the PROXY protocol.</summary>
internal static class ListenerChecks
{
    public static void Run(EdgeOptions options, OptionValues values)
    {
        CheckCertificates(options, values);
        CheckClientCertificates(options, values);
        CheckProxyProtocol(options, values);
    }

    private static void CheckCertificates(EdgeOptions options, OptionValues values)
    {
        foreach (var (name, _) in options.Certificates.Where(entry => entry.Value.File.Length == 0).OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            values.Refuse(OptionsCodes.NoCertificate, $"certificates.{name}.file", "the certificate has no file", "name a PEM or PFX file");
        }

        if (!options.Certificates.IsEmpty)
        {
            return;
        }

        foreach (var (key, address) in ((string, string)[])
            [("listen.proxy_tls", options.Listen.ProxyTls), ("listen.decision_tls", options.Listen.DecisionTls), ("listen.redirect", options.Listen.Redirect)])
        {
            if (address != "off")
            {
                values.Refuse(OptionsCodes.NoCertificate, key, $"`{address}` is to serve names of certificates, and there is none",
                    "set certificates.default.file and certificates.default.key_file");
            }
        }
    }

    private static void CheckClientCertificates(EdgeOptions options, OptionValues values)
    {
        if (options.Tls.ClientCertificates == "required" && options.Tls.ClientTrustFile.Length == 0)
        {
            values.Refuse(OptionsCodes.ClientTrustRequired, "tls.client_certificates", "certificates are required, and no authority is named that they must lead to",
                "set tls.client_trust_file, or say optional and let the bundle judge them");
        }
        else if (options.Tls.ClientCertificates == "off" && options.Tls.ClientTrustFile.Length > 0)
        {
            values.Refuse(OptionsCodes.ClientTrustRequired, "tls.client_trust_file", "authorities of clients are named, and no client is asked for a certificate",
                "set tls.client_certificates: required (or optional), or remove the file");
        }

        if (options.Tls.DecisionTrustFile.Length > 0 && options.Listen.DecisionTls == "off")
        {
            values.Refuse(OptionsCodes.ClientTrustRequired, "decision.client_trust_file", "authorities of gateways are named, and listen.decision_tls is off",
                "set listen.decision_tls, or remove the file");
        }
    }

    private static void CheckProxyProtocol(EdgeOptions options, OptionValues values)
    {
        if (options.ProxyProtocol.Listeners.IsEmpty != options.ProxyProtocol.Trusted.IsEmpty)
        {
            values.Refuse(OptionsCodes.ProxyProtocolIncomplete, options.ProxyProtocol.Listeners.IsEmpty ? "proxy_protocol.trusted" : "proxy_protocol.listeners",
                "proxy_protocol.listeners and proxy_protocol.trusted are needed together",
                "name the listeners, and the networks of the load balancers in front of them: whoever writes the header chooses the client's address");
        }

        foreach (var name in options.ProxyProtocol.Listeners)
        {
            var address = name switch
            {
                "proxy" => options.Listen.Proxy,
                "proxy_tls" => options.Listen.ProxyTls,
                "decision" => options.Listen.Decision,
                _ => options.Listen.DecisionTls,
            };
            if (address == "off" || address.StartsWith("unix:", StringComparison.Ordinal))
            {
                values.Refuse(OptionsCodes.ProxyProtocolIncomplete, "proxy_protocol.listeners", $"listen.{name} is `{address}`, which no load balancer can reach",
                    "give it a TCP address, or take it out of the list");
            }
        }
    }
}
