# Sourced by run.sh and test.sh: finds a .NET SDK that global.json accepts, or fetches one into .dotnet/.
# Needs REPOSITORY (absolute path of the repository).

# The SDK's own programs want ICU unless told otherwise; our programs are invariant anyway.
if ! ldconfig -p 2>/dev/null | grep -q libicuuc; then
  export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
fi
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

# In the repository `dotnet --version` fails when no installed SDK satisfies global.json and its roll-forward rule.
sdk_is_usable() { (cd "$REPOSITORY" && "$1" --version >/dev/null 2>&1); }

sdk_version_wanted() { sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$REPOSITORY/global.json" | head -n 1; }

sdk_use_local() {
  export DOTNET_ROOT="$REPOSITORY/.dotnet"
  export PATH="$DOTNET_ROOT:$PATH"
}

sdk_explain_offline() {
  cat >&2 <<MESSAGE
No usable .NET SDK was found, and $1
To go on without this download, do one of these and run the command again:
  1. install the .NET SDK $(sdk_version_wanted) or a later feature band of it from your distribution or https://dotnet.microsoft.com/download
  2. on a machine with a network: curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --version $(sdk_version_wanted) --install-dir .dotnet
     and copy the folder .dotnet into $REPOSITORY
MESSAGE
  return 1
}

sdk_ensure() {
  if command -v dotnet >/dev/null 2>&1 && sdk_is_usable dotnet; then
    return 0
  fi
  if [ -x "$REPOSITORY/.dotnet/dotnet" ] && sdk_is_usable "$REPOSITORY/.dotnet/dotnet"; then
    sdk_use_local
    return 0
  fi

  command -v curl >/dev/null 2>&1 || { sdk_explain_offline "curl, which would fetch one, is not installed."; return 1; }
  local version script
  version="$(sdk_version_wanted)"
  script="$(mktemp)"
  echo "Fetching the .NET SDK $version into .dotnet/ ..." >&2
  if ! curl -fsSL --retry 2 --max-time 120 -o "$script" https://dot.net/v1/dotnet-install.sh; then
    rm -f "$script"
    sdk_explain_offline "Microsoft's install script could not be fetched."
    return 1
  fi
  if ! bash "$script" --version "$version" --install-dir "$REPOSITORY/.dotnet" --no-path >&2; then
    rm -f "$script"
    sdk_explain_offline "Microsoft's install script failed (see above)."
    return 1
  fi
  rm -f "$script"
  sdk_use_local
}
