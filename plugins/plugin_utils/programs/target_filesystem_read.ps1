# Tell about the drives that hold paths. Prints path= for each path, then mount=, size_kb= and free_kb= if there is one.
# paths: absolute paths.

foreach ($path in $paths) {
    [Console]::Out.WriteLine('path=' + $path)
    $drive = $path.Substring(0, 2).ToUpper()
    $disk = Get-WmiObject Win32_LogicalDisk -Filter ("DeviceID = '" + $drive + "'")
    if ($disk) {
        [Console]::Out.WriteLine('mount=' + $drive)
        [Console]::Out.WriteLine('size_kb=' + [Math]::Floor($disk.Size / 1024))
        [Console]::Out.WriteLine('free_kb=' + [Math]::Floor($disk.FreeSpace / 1024))
    }
}
exit 0
