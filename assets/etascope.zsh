#compdef etascope
# Completion of etascope for zsh: the program itself knows the words.
# Save it as _etascope in a folder of $fpath, or read it: source <(etascope completion zsh)
_etascope() {
    local -a found
    found=(${(f)"$(${words[1]} completion words "${(j: :)words[1,CURRENT-1]} $PREFIX" 2>/dev/null)"})
    if (( $#found )); then
        compadd -- ${found:#*=}
        compadd -S '' -- ${(M)found:#*=}
    else
        _files
    fi
}
if [ "$funcstack[1]" = _etascope ]; then
    _etascope "$@"
else
    compdef _etascope etascope
fi
