#compdef edgeguard
# zsh completion of edgeguard. Load it with: source <(edgeguard completion zsh)
_edgeguard() {
  local -a suggestions
  local line="${(j: :)words}"
  suggestions=("${(@f)$(edgeguard "[suggest:${#line}]" "$line" 2>/dev/null)}")
  if (( ${#suggestions} )) && [[ -n "${suggestions[1]}" ]]; then
    compadd -a suggestions
  fi
  _files
}
compdef _edgeguard edgeguard
