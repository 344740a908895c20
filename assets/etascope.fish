# Completion of etascope for fish: the program itself knows the words.
# Save it as ~/.config/fish/completions/etascope.fish
function __etascope_words
    etascope completion words (commandline -cp | string collect) 2>/dev/null
end
complete -c etascope -f -n 'test -n "$(__etascope_words)"' -a '(__etascope_words)'
