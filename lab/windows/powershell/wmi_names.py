"""WMI classes of Windows Server 2003 with the properties and methods that a program may use.

Source: the WMI reference of the platform SDK, [memory]; names of Win32_Service's and Win32_Process's methods likewise.
"""

from __future__ import annotations

MEMBERS: dict[str, str] = {
    "Win32_ComputerSystem": (
        "Domain Manufacturer Model Name NumberOfProcessors PartOfDomain SystemType TotalPhysicalMemory UserName"
    ),
    "Win32_Environment": "Name SystemVariable UserName VariableValue",
    "Win32_Group": "Caption Description Domain LocalAccount Name",
    "Win32_LogicalDisk": "DeviceID DriveType FileSystem FreeSpace Name Size VolumeName",
    "Win32_NetworkAdapterConfiguration": "DHCPEnabled DNSDomain DNSHostName Description IPAddress IPEnabled",
    "Win32_OperatingSystem": (
        "BuildNumber CSDVersion CSName Caption FreePhysicalMemory LastBootUpTime LocalDateTime ServicePackMajorVersion "
        "ServicePackMinorVersion SizeStoredInPagingFiles SystemDirectory SystemDrive TotalVisibleMemorySize Version "
        "WindowsDirectory"
    ),
    "Win32_Process": "Caption CommandLine Create CreationDate Handle Name ProcessId ReturnValue Terminate",
    "Win32_Processor": "AddressWidth DeviceID MaxClockSpeed Name",
    "Win32_Service": (
        "Change ChangeStartMode Delete Description DisplayName ExitCode Name PathName ProcessId ReturnValue StartMode "
        "StartName StartService Started State Status StopService"
    ),
    "Win32_UserAccount": (
        "Caption Description Disabled Domain FullName LocalAccount Lockout Name PasswordExpires PasswordRequired SID"
    ),
}
