# fish completion of edgeguard. Load it with: edgeguard completion fish | source
function __edgeguard_complete
    set -l line (commandline -cp)
    edgeguard "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
end
complete -c edgeguard -a '(__edgeguard_complete)'
