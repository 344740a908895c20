# Completion of etascope for bash: the program itself knows the words.
# Either read it in ~/.bashrc:   eval "$(etascope completion bash)"
# or save it as ~/.local/share/bash-completion/completions/etascope
_etascope() {
    local line=${COMP_LINE:0:COMP_POINT} IFS=$'\n' word breaks=${COMP_WORDBREAKS//[^=:]/}
    COMPREPLY=($("${COMP_WORDS[0]}" completion words "$line" 2>/dev/null))
    # bash itself begins a word behind = and :, so what stands before them is there already
    word=${line##* }
    [[ $breaks ]] && COMPREPLY=("${COMPREPLY[@]#"${word%"${word##*[$breaks]}"}"}")
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=:] ]] && compopt -o nospace
}
complete -o default -F _etascope etascope
