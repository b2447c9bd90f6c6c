# Change local groups and users.
# steps: verb, name and value, separated by tabs; passwords: name:password.

$computer = [ADSI]('WinNT://' + $env:COMPUTERNAME)

function Get-Account($kind, $name) {
    return [ADSI]('WinNT://' + $env:COMPUTERNAME + '/' + $name + ',' + $kind)
}

function Get-Password($name) {
    foreach ($entry in $passwords) {
        if ($entry.StartsWith($name + ':')) {
            return $entry.Substring($name.Length + 1)
        }
    }
    return ''
}

foreach ($step in $steps) {
    $words = $step.Split([char]9)
    $verb = $words[0]
    $name = $words[1]
    switch ($verb) {
        'make-group' {
            $group = $computer.Create('group', $name)
            $group.SetInfo()
        }
        'make-user' {
            # The password comes first: the machine's policy may refuse a user without one.
            $user = $computer.Create('user', $name)
            $user.SetPassword((Get-Password $name))
            $user.SetInfo()
        }
        'set-password' {
            $user = Get-Account 'user' $name
            $user.SetPassword((Get-Password $name))
            $user.SetInfo()
        }
        'comment-group' {
            $group = Get-Account 'group' $name
            $group.Put('Description', $words[2])
            $group.SetInfo()
        }
        'comment-user' {
            $user = Get-Account 'user' $name
            $user.Put('FullName', $words[2])
            $user.SetInfo()
        }
        'expire-password' {
            $account = Get-WmiObject Win32_UserAccount -Filter ("LocalAccount = TRUE AND Name = '" + $name + "'")
            $account.PasswordExpires = ($words[2] -eq 'True')
            $written = $account.Put()
        }
        'add-member' {
            $group = Get-Account 'group' $name
            $group.Add('WinNT://' + $env:COMPUTERNAME + '/' + $words[2] + ',user')
        }
        'remove-user' {
            $computer.Delete('user', $name)
        }
        'remove-group' {
            $computer.Delete('group', $name)
        }
    }
}
exit 0
