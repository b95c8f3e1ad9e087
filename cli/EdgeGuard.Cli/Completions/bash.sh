# bash completion of edgeguard. Load it with: source <(edgeguard completion bash)
_edgeguard() {
  local word="${COMP_WORDS[COMP_CWORD]}" line
  COMPREPLY=()
  while IFS= read -r line; do
    case "$line" in
      "$word"*) COMPREPLY+=("$line") ;;
    esac
  done < <(edgeguard "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
}
complete -o default -F _edgeguard edgeguard
