# Tell what a WebSphere profile has of its cell's configuration. The blob is one line for each document, its MD5 and its
# path below the cell.
# profile_path: its folder; cell: the cell.

$folder = $profile_path + '\config\cells\' + $cell
$md5 = New-Object Security.Cryptography.MD5CryptoServiceProvider
$lines = @()
# The archives of applications are not what nodes are compared by.
foreach ($item in @(Get-ChildItem -LiteralPath $folder -Recurse -Force)) {
    if ((-not $item.PSIsContainer) -and ($item.Name -notlike '*.ear')) {
        $hash = [BitConverter]::ToString($md5.ComputeHash([IO.File]::ReadAllBytes($item.FullName)))
        $path = $item.FullName.Substring($folder.Length + 1).Replace('\', '/')
        $lines += $hash.Replace('-', '').ToLower() + ' ' + $path
    }
}
[Console]::Out.WriteLine('--')
[Console]::Out.WriteLine([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($lines -join "`n")))
exit 0
