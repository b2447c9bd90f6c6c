# shellcheck shell=sh
# family NUMBER: the process of that number and all that it started, a number a line.
family() {
  ps -e -o pid= -o ppid= | awk -v first="$1" '
    { parent[$1] = $2 }
    END {
      for (pid in parent) {
        # Bounded, because process 0 is its own parent on some systems.
        for (up = pid; up > 1 && up != first && depth[pid]++ < 64; up = parent[up]) { }
        if (up == first) { print pid }
      }
    }'
}
