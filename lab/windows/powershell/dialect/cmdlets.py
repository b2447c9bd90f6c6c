"""Cmdlets of Windows PowerShell 2.0.

`PARAMETERS` lists those that a program may use, with their parameters; `OTHERS` are names that PowerShell 2.0 has and
that nobody here has reviewed: using one is refused until it moves to `PARAMETERS`.

Sources: marked `# doc` are the pages "Applies To: Windows PowerShell 2.0" of learn.microsoft.com/previous-versions
(dd315295, dd347686, dd347553, dd315298, dd315247, dd315324, dd347683); the names of the cmdlets for providers are in
about_Core_Commands there (dd347563). Everything else is [memory] of Get-Help in PowerShell 2.0.
"""

from __future__ import annotations

PARAMETERS: dict[str, str] = {
    "Add-Content": "Path LiteralPath Value Encoding Force",
    "Add-Member": "MemberType Name Value PassThru InputObject Force",
    "Add-Type": "AssemblyName",
    "Clear-Content": "Path",
    "Compare-Object": "ReferenceObject DifferenceObject",
    "Copy-Item": "Path LiteralPath Destination Recurse Force PassThru",
    "ForEach-Object": "Process",
    "Format-List": "Property",
    "Get-ChildItem": "Path LiteralPath Filter Include Exclude Recurse Force Name UseTransaction",  # doc dd347686
    "Get-Content": "Path LiteralPath TotalCount Encoding ReadCount Force",
    "Get-Date": "Date Format UFormat",
    "Get-Item": "Path LiteralPath Credential Exclude Filter Force Include UseTransaction",  # doc dd347553
    "Get-ItemProperty": "Path LiteralPath Name",
    "Get-Location": "",
    "Get-Process": "Name Id",
    "Get-Service": "Name DisplayName",
    "Get-Unique": "AsString",
    "Get-Variable": "Name ValueOnly Scope",
    "Get-WmiObject": (  # doc dd315295
        "Class Filter Query Namespace Property ComputerName Amended AsJob Authentication Authority Credential "
        "DirectRead EnableAllPrivileges Impersonation List Locale Recurse ThrottleLimit"
    ),
    "Group-Object": "Property",
    "Invoke-Expression": "Command",
    "Join-Path": "Path ChildPath",
    "Measure-Object": "Property Sum Maximum Minimum Average",
    "Move-Item": "Path LiteralPath Destination Force",
    "New-Item": "Path Name ItemType Type Value Force",
    "New-ItemProperty": "Path LiteralPath Name Value PropertyType Force",
    "New-Object": "TypeName ArgumentList Property ComObject",
    # doc dd315247
    "New-Service": "Name BinaryPathName Credential DependsOn Description DisplayName StartupType Confirm WhatIf",
    "Out-File": "FilePath Encoding Append Width Force",
    "Out-Host": "InputObject",
    "Out-Null": "InputObject",
    "Out-String": "Width Stream",
    "Remove-Item": "Path LiteralPath Recurse Force Confirm",
    "Remove-ItemProperty": "Path LiteralPath Name Force",
    "Remove-Variable": "Name",
    "Rename-Item": "Path NewName Force",
    "Resolve-Path": "Path",
    "Restart-Computer": "Force",
    "Restart-Service": "Name Force PassThru",
    "Select-Object": "Property First Last Skip Unique ExpandProperty",
    "Set-Content": "Path LiteralPath Value Encoding Force",
    "Set-ItemProperty": "Path LiteralPath Name Value Type Force",
    "Set-Location": "Path LiteralPath",
    # doc dd315324
    "Set-Service": "Name Description DisplayName PassThru StartupType Status ComputerName InputObject Confirm WhatIf",
    "Set-StrictMode": "Version Off",
    "Set-Variable": "Name Value Scope",
    "Sort-Object": "Property Descending Unique CaseSensitive",
    "Split-Path": "Path Parent Leaf Qualifier",
    "Start-Process": (
        "FilePath ArgumentList WorkingDirectory Wait PassThru NoNewWindow RedirectStandardOutput RedirectStandardError"
    ),
    "Start-Service": "Name PassThru",
    "Start-Sleep": "Seconds Milliseconds",  # doc dd347683
    "Stop-Process": "Id Name Force",
    "Stop-Service": "Name Force PassThru",
    "Test-Path": "Path LiteralPath Credential Exclude Filter Include IsValid PathType UseTransaction",  # doc dd315298
    "Where-Object": "FilterScript",
    "Write-Error": "Message Exception Category",
    "Write-Host": "Object NoNewline ForegroundColor",
    "Write-Output": "InputObject",
    "Write-Verbose": "Message",
    "Write-Warning": "Message",
}
"""Cmdlet and its parameters, separated by blanks, without the common ones."""

COMMON = "Verbose Debug ErrorAction ErrorVariable OutVariable OutBuffer WarningAction WarningVariable"
"""Parameters that every cmdlet has (dd347683 lists them)."""

_OTHERS = """
    Add-Computer Add-History Add-PSSnapin Checkpoint-Computer Clear-EventLog Clear-History Clear-Item Clear-
    ItemProperty Clear-Variable Complete-Transaction Connect-WSMan ConvertFrom-Csv ConvertFrom-SecureString
    ConvertFrom-StringData Convert-Path ConvertTo-Csv ConvertTo-Html ConvertTo-SecureString ConvertTo-Xml Copy-
    ItemProperty Debug-Process Disable-ComputerRestore Disable-PSBreakpoint Disable-PSSessionConfiguration Disable-
    WSManCredSSP Disconnect-WSMan Enable-ComputerRestore Enable-PSBreakpoint Enable-PSRemoting Enable-
    PSSessionConfiguration Enable-WSManCredSSP Enter-PSSession Exit-PSSession Export-Alias Export-Clixml Export-
    Console Export-Counter Export-Csv Export-FormatData Export-ModuleMember Export-PSSession Format-Custom Format-
    Table Format-Wide Get-Acl Get-Alias Get-AuthenticodeSignature Get-Command Get-ComputerRestorePoint Get-Counter
    Get-Credential Get-Culture Get-Event Get-EventLog Get-EventSubscriber Get-ExecutionPolicy Get-FormatData Get-
    Help Get-History Get-Host Get-HotFix Get-Job Get-Member Get-Module Get-PfxCertificate Get-PSBreakpoint Get-
    PSCallStack Get-PSDrive Get-PSProvider Get-PSSession Get-PSSessionConfiguration Get-PSSnapin Get-Random Get-
    TraceSource Get-Transaction Get-UICulture Get-WinEvent Get-WSManCredSSP Get-WSManInstance Import-Alias Import-
    Clixml Import-Counter Import-Csv Import-LocalizedData Import-Module Import-PSSession Invoke-Command Invoke-
    History Invoke-Item Invoke-WmiMethod Invoke-WSManAction Limit-EventLog Measure-Command Move-ItemProperty New-
    Alias New-Event New-EventLog New-Module New-ModuleManifest New-PSDrive New-PSSession New-PSSessionOption New-
    TimeSpan New-Variable New-WebServiceProxy New-WSManInstance New-WSManSessionOption Out-Default Out-GridView Out-
    Printer Pop-Location Push-Location Read-Host Receive-Job Register-EngineEvent Register-ObjectEvent Register-
    PSSessionConfiguration Register-WmiEvent Remove-Computer Remove-Event Remove-EventLog Remove-Job Remove-Module
    Remove-PSBreakpoint Remove-PSDrive Remove-PSSession Remove-PSSnapin Remove-WmiObject Remove-WSManInstance
    Rename-ItemProperty Reset-ComputerMachinePassword Restore-Computer Resume-Service Select-String Select-Xml Send-
    MailMessage Set-Acl Set-Alias Set-AuthenticodeSignature Set-Date Set-ExecutionPolicy Set-Item Set-PSBreakpoint
    Set-PSDebug Set-PSSessionConfiguration Set-TraceSource Set-WmiInstance Set-WSManInstance Set-WSManQuickConfig
    Show-EventLog Start-Job Start-Transaction Start-Transcript Stop-Computer Stop-Job Stop-Transcript Suspend-
    Service Tee-Object Test-ComputerSecureChannel Test-Connection Test-ModuleManifest Test-WSMan Trace-Command Undo-
    Transaction Unregister-Event Unregister-PSSessionConfiguration Update-FormatData Update-List Update-TypeData
    Use-Transaction Wait-Event Wait-Job Wait-Process Write-Debug Write-EventLog Write-Progress
"""
OTHERS = frozenset(_OTHERS.split())
"""Names only."""

CMDLETS = frozenset(PARAMETERS) | OTHERS
"""Every cmdlet of PowerShell 2.0."""
