# Tell about local groups and users. Prints group= or user= for each that exists, then comment=, and member= for each
# member of a group, or member_of= for each group of a user and password_expires=.
# groups, users: names.

foreach ($name in $groups) {
    $group = Get-WmiObject Win32_Group -Filter ("LocalAccount = TRUE AND Name = '" + $name + "'")
    if ($group) {
        [Console]::Out.WriteLine('group=' + $name)
        [Console]::Out.WriteLine('comment=' + $group.Description)
        foreach ($member in @($group.GetRelated('Win32_UserAccount'))) {
            [Console]::Out.WriteLine('member=' + $member.Name)
        }
    }
}
foreach ($name in $users) {
    $user = Get-WmiObject Win32_UserAccount -Filter ("LocalAccount = TRUE AND Name = '" + $name + "'")
    if ($user) {
        [Console]::Out.WriteLine('user=' + $name)
        [Console]::Out.WriteLine('comment=' + $user.FullName)
        [Console]::Out.WriteLine('password_expires=' + $user.PasswordExpires)
        foreach ($group in @($user.GetRelated('Win32_Group'))) {
            [Console]::Out.WriteLine('member_of=' + $group.Name)
        }
    }
}
exit 0
