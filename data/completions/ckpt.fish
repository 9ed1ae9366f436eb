# SPDX-License-Identifier: GPL-3.0-or-later
# fish completion for ckpt

complete -c ckpt -n __fish_use_subcommand -f -a info -d 'Say what a checkpoint is and what it holds in all'
complete -c ckpt -n __fish_use_subcommand -f -a ls -d 'List the values of a checkpoint'
complete -c ckpt -n __fish_use_subcommand -f -a get -d 'Print one value, or write it to a file'
complete -c ckpt -n __fish_use_subcommand -f -a stats -d 'Tell minimum, maximum, mean and more of tensors'
complete -c ckpt -n __fish_use_subcommand -f -a plot -d 'Draw values into a picture'
complete -c ckpt -n __fish_use_subcommand -f -l version -d 'Show the version'
complete -c ckpt -n __fish_use_subcommand -f -l limits -d 'Show what a file may ask for before it is refused'
complete -c ckpt -s h -l help -d 'Show help'

complete -c ckpt -n '__fish_seen_subcommand_from info' -l json -d 'Write JSON'

complete -c ckpt -n '__fish_seen_subcommand_from ls' -l json -d 'Write JSON'
complete -c ckpt -n '__fish_seen_subcommand_from ls' -s a -l all -d 'List containers too, and what is inside tensors'
complete -c ckpt -n '__fish_seen_subcommand_from ls' -s b -l bytes -d 'Give sizes in bytes'
complete -c ckpt -n '__fish_seen_subcommand_from ls' -s k -l keys -x -d 'List what GLOB matches'
complete -c ckpt -n '__fish_seen_subcommand_from ls' -s t -l tensors -d 'List tensors only'
complete -c ckpt -n '__fish_seen_subcommand_from ls' -s w -l where -x -a 'dtype: type: shape: dims: device: size: values:' -d 'List what is as TERMS say'

complete -c ckpt -n '__fish_seen_subcommand_from get' -l json -d 'Write all of it as JSON'
complete -c ckpt -n '__fish_seen_subcommand_from get' -s o -l output -r -d 'Write all of it to a file'

complete -c ckpt -n '__fish_seen_subcommand_from stats' -l json -d 'Write JSON'
complete -c ckpt -n '__fish_seen_subcommand_from stats' -l csv -d 'Write CSV'
complete -c ckpt -n '__fish_seen_subcommand_from stats' -s m -l merge -d 'Merge all tensors in each value that GLOB matches'
complete -c ckpt -n '__fish_seen_subcommand_from stats' -s p -l percentiles -d 'Tell percentiles too'
complete -c ckpt -n '__fish_seen_subcommand_from stats' -s f -l findings -d 'Tell what is wrong or odd instead'
complete -c ckpt -n '__fish_seen_subcommand_from stats' -l fail-on -x -a 'nan inf all-zero constant dead-rows dead-columns odd-scale fits-bfloat16 fits-float16' -d 'Exit with 1 also for findings of a kind'
complete -c ckpt -n '__fish_seen_subcommand_from stats' -s k -l keys -x -d 'Tell of what GLOB matches'
complete -c ckpt -n '__fish_seen_subcommand_from stats' -l threads -x -d 'Work on so many threads'
complete -c ckpt -n '__fish_seen_subcommand_from stats' -l bins -x -d 'Add a histogram of so many bins to the JSON'

complete -c ckpt -n '__fish_seen_subcommand_from plot' -s b -l bins -x -d 'Count in so many bins'
complete -c ckpt -n '__fish_seen_subcommand_from plot' -s d -l dark -d 'Draw on a dark background'
complete -c ckpt -n '__fish_seen_subcommand_from plot' -s k -l kind -x -a 'histogram boxes heatmap sparkline' -d 'Draw this kind of picture'
complete -c ckpt -n '__fish_seen_subcommand_from plot' -s l -l log-counts -d 'Draw counts by their logarithm'
complete -c ckpt -n '__fish_seen_subcommand_from plot' -s o -l output -r -d 'Draw into a file'
complete -c ckpt -n '__fish_seen_subcommand_from plot' -s r -l range -x -d 'Show values from LOW to HIGH only'
complete -c ckpt -n '__fish_seen_subcommand_from plot' -l reduce -x -a 'mean min max' -d 'Show the mean, min or max of what is in a cell'
complete -c ckpt -n '__fish_seen_subcommand_from plot' -l scale -x -a 'linear symlog' -d 'Spread values linear, or as symlog by their logarithm'
complete -c ckpt -n '__fish_seen_subcommand_from plot' -s s -l size -x -d 'Make the picture so large'
complete -c ckpt -n '__fish_seen_subcommand_from plot' -l slice -x -d 'Show a part in a heatmap'
