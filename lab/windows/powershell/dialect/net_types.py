"""Types of .NET 2.0 to 3.5 and their members that a program may use; the lab imitates these and no others.

Source: the class library reference of the .NET Framework 2.0 and 3.5, from memory: no copy of it was at hand, so each
entry is marked [memory]. Left out on purpose is what came later, such as String.IsNullOrWhiteSpace and
Directory.EnumerateFiles (4.0), HashAlgorithm.Dispose (public in 4.0), TcpClient.Dispose (public in 4.6).
"""

from __future__ import annotations

STATIC_MEMBERS: dict[str, str] = {
    "Microsoft.PowerShell.Commands.ProcessCommandException": "",
    "Microsoft.PowerShell.Commands.ServiceCommandException": "",
    "Microsoft.Win32.Registry": "CurrentUser GetValue LocalMachine SetValue",
    "Microsoft.Win32.RegistryValueKind": "Binary DWord ExpandString MultiString QWord String Unknown",
    "System.ApplicationException": "",
    "System.ArgumentException": "",
    "System.ArgumentNullException": "",
    "System.ArgumentOutOfRangeException": "",
    "System.ArithmeticException": "",
    "System.Array": "Copy IndexOf Reverse Sort",
    "System.BitConverter": "ToString",
    "System.Boolean": "Parse",
    "System.Byte": "MaxValue MinValue Parse",
    "System.Char": "IsDigit IsLetter IsLetterOrDigit IsWhiteSpace ToString",
    "System.Collections.ArrayList": "",
    "System.Collections.Hashtable": "",
    "System.ComponentModel.Win32Exception": "",
    "System.Console": "Error In Out Write WriteLine",
    "System.Convert": "FromBase64String ToBase64String ToBoolean ToByte ToInt32 ToInt64 ToString",
    "System.DateTime": "Now Parse Today UtcNow",
    "System.DateTimeKind": "Local Unspecified Utc",
    "System.Diagnostics.Process": "GetProcessById Start",
    "System.Diagnostics.ProcessStartInfo": "",
    "System.Diagnostics.Stopwatch": "StartNew",
    "System.DirectoryServices.DirectoryEntry": "Exists",
    "System.DivideByZeroException": "",
    "System.Double": "MaxValue MinValue Parse",
    "System.Environment": (
        "CurrentDirectory Exit ExpandEnvironmentVariables GetEnvironmentVariable GetFolderPath MachineName "
        "NewLine OSVersion ProcessorCount SetEnvironmentVariable SystemDirectory TickCount UserDomainName "
        "UserName Version"
    ),
    "System.EnvironmentVariableTarget": "Machine Process User",
    "System.Exception": "",
    "System.FormatException": "",
    "System.Guid": "NewGuid",
    "System.IO.Directory": (
        "CreateDirectory Delete Exists GetAccessControl GetDirectories GetFiles Move SetAccessControl"
    ),
    "System.IO.DirectoryInfo": "",
    "System.IO.DirectoryNotFoundException": "",
    "System.IO.DriveNotFoundException": "",
    "System.IO.File": (
        "AppendAllText Copy Create Delete Exists GetAccessControl GetLastWriteTime Move Open OpenRead "
        "OpenWrite ReadAllBytes ReadAllLines ReadAllText Replace SetAccessControl WriteAllBytes WriteAllLines "
        "WriteAllText"
    ),
    "System.IO.FileAccess": "Read ReadWrite Write",
    "System.IO.FileAttributes": "Archive Directory Hidden Normal ReadOnly System",
    "System.IO.FileInfo": "",
    "System.IO.FileMode": "Append Create CreateNew Open OpenOrCreate Truncate",
    "System.IO.FileNotFoundException": "",
    "System.IO.FileShare": "Delete None Read ReadWrite Write",
    "System.IO.FileStream": "",
    "System.IO.IOException": "",
    "System.IO.MemoryStream": "",
    "System.IO.Path": (
        "ChangeExtension Combine DirectorySeparatorChar GetDirectoryName GetExtension GetFileName "
        "GetFileNameWithoutExtension GetFullPath GetInvalidFileNameChars GetPathRoot GetRandomFileName "
        "GetTempFileName GetTempPath HasExtension IsPathRooted"
    ),
    "System.IO.PathTooLongException": "",
    "System.IO.SearchOption": "AllDirectories TopDirectoryOnly",
    "System.IO.Stream": "",
    "System.IO.StreamReader": "",
    "System.IO.StreamWriter": "",
    "System.IndexOutOfRangeException": "",
    "System.Int32": "MaxValue MinValue Parse",
    "System.Int64": "MaxValue MinValue Parse",
    "System.InvalidCastException": "",
    "System.InvalidOperationException": "",
    "System.Management.Automation.ActionPreferenceStopException": "",
    "System.Management.Automation.CommandNotFoundException": "",
    "System.Management.Automation.ErrorRecord": "",
    "System.Management.Automation.ItemNotFoundException": "",
    "System.Management.Automation.MethodException": "",
    "System.Management.Automation.MethodInvocationException": "",
    "System.Management.Automation.PSCustomObject": "",
    "System.Management.Automation.PSObject": "",
    "System.Management.Automation.PSReference": "",
    "System.Management.Automation.ParameterBindingException": "",
    "System.Management.Automation.ParseException": "",
    "System.Management.Automation.RuntimeException": "",
    "System.Management.Automation.ScriptBlock": "",
    "System.Management.Automation.SwitchParameter": "",
    "System.Management.ManagementClass": "",
    "System.Management.ManagementException": "",
    "System.Management.ManagementObject": "",
    "System.Math": "Abs Ceiling Floor Max Min Pow Round Truncate",
    "System.Net.Dns": "GetHostAddresses GetHostEntry GetHostName",
    "System.Net.IPAddress": "Any Parse",
    "System.Net.IPEndPoint": "",
    "System.Net.Security.RemoteCertificateValidationCallback": "",
    "System.Net.Security.SslStream": "",
    "System.Net.Sockets.Socket": "Select",
    "System.Net.Sockets.SocketException": "",
    "System.Net.Sockets.TcpClient": "",
    "System.Net.Sockets.TcpListener": "",
    "System.Net.Sockets.UdpClient": "",
    "System.NotSupportedException": "",
    "System.NullReferenceException": "",
    "System.Object": "",
    "System.OverflowException": "",
    "System.Reflection.Assembly": "LoadWithPartialName",
    "System.Runtime.InteropServices.COMException": "",
    "System.Runtime.InteropServices.ExternalException": "",
    "System.Security.AccessControl.AccessControlType": "Allow Deny",
    "System.Security.AccessControl.DirectorySecurity": "",
    "System.Security.AccessControl.FileSecurity": "",
    "System.Security.AccessControl.FileSystemRights": "FullControl Modify Read ReadAndExecute Write",
    "System.Security.AccessControl.InheritanceFlags": "ContainerInherit None ObjectInherit",
    "System.Security.AccessControl.PropagationFlags": "InheritOnly NoPropagateInherit None",
    "System.Security.Authentication.AuthenticationException": "",
    "System.Security.Cryptography.CryptographicException": "",
    "System.Security.Cryptography.MD5": "Create",
    "System.Security.Cryptography.MD5CryptoServiceProvider": "",
    "System.Security.Cryptography.RNGCryptoServiceProvider": "",
    "System.Security.Cryptography.SHA1": "Create",
    "System.Security.Cryptography.SHA1CryptoServiceProvider": "",
    "System.Security.Cryptography.SHA1Managed": "",
    "System.Security.Cryptography.SHA256": "Create",
    "System.Security.Cryptography.SHA256Managed": "",
    "System.Security.Cryptography.SHA512": "Create",
    "System.Security.Cryptography.SHA512Managed": "",
    "System.Security.Principal.WindowsIdentity": "GetCurrent",
    "System.Security.Principal.WindowsPrincipal": "",
    "System.ServiceProcess.ServiceController": "",
    "System.ServiceProcess.ServiceControllerStatus": (
        "ContinuePending PausePending Paused Running StartPending StopPending Stopped"
    ),
    "System.String": "Compare Concat Empty Equals Format IsNullOrEmpty Join",
    "System.StringComparison": (
        "CurrentCulture CurrentCultureIgnoreCase InvariantCulture InvariantCultureIgnoreCase Ordinal OrdinalIgnoreCase"
    ),
    "System.StringSplitOptions": "None RemoveEmptyEntries",
    "System.SystemException": "",
    "System.Text.ASCIIEncoding": "",
    "System.Text.Encoding": "ASCII Default GetEncoding UTF8 Unicode",
    "System.Text.RegularExpressions.Regex": "Escape IsMatch Match Matches Replace Split",
    "System.Text.StringBuilder": "",
    "System.Text.UTF8Encoding": "",
    "System.Text.UnicodeEncoding": "",
    "System.Threading.Thread": "Sleep",
    "System.TimeSpan": "FromMinutes FromSeconds",
    "System.TimeoutException": "",
    "System.Type": "",
    "System.UnauthorizedAccessException": "",
    "System.Version": "",
    "System.Void": "",
}
"""Type and static members, separated by blanks."""

INSTANCE_MEMBERS: dict[str, str] = {
    "Microsoft.PowerShell.Commands.GenericMeasureInfo": "Average Count Maximum Minimum Property Sum",
    "Microsoft.PowerShell.Commands.GroupInfo": "Count Group Name",
    "Microsoft.Win32.RegistryKey": (
        "Close CreateSubKey DeleteSubKeyTree DeleteValue Flush GetSubKeyNames GetValue GetValueKind "
        "GetValueNames Name OpenSubKey PSChildName PSIsContainer PSPath Property SetValue SubKeyCount "
        "ValueCount"
    ),
    "System.Array": "Clone Count GetUpperBound GetValue Length LongLength Rank SetValue",
    "System.Collections.ArrayList": (
        "Add AddRange Clear Contains Count IndexOf Insert Remove RemoveAt Reverse Sort ToArray"
    ),
    "System.Collections.DictionaryEntry": "Key Name Value",
    "System.Collections.Hashtable": (
        "Add Clear Contains ContainsKey ContainsValue Count GetEnumerator Item Keys Remove Values get_Item"
    ),
    "System.Collections.Specialized.StringDictionary": "Add ContainsKey Remove",
    "System.DateTime": (
        "AddDays AddHours AddMilliseconds AddMinutes AddSeconds Day Hour Minute Month Second Subtract Ticks "
        "ToLocalTime ToUniversalTime Year"
    ),
    "System.Diagnostics.Process": (
        "Close Dispose ExitCode HasExited Id Kill Name ProcessName Refresh StandardError StandardInput "
        "StandardOutput Start StartInfo WaitForExit"
    ),
    "System.Diagnostics.ProcessStartInfo": (
        "Arguments CreateNoWindow EnvironmentVariables ErrorDialog FileName LoadUserProfile "
        "RedirectStandardError RedirectStandardInput RedirectStandardOutput UseShellExecute WindowStyle "
        "WorkingDirectory"
    ),
    "System.Diagnostics.Stopwatch": "Elapsed ElapsedMilliseconds",
    "System.DirectoryServices.DirectoryEntry": (
        "Add AdsPath Class CommitChanges Create Delete Get Invoke InvokeGet InvokeSet IsMember Members Name "
        "Path Put RefreshCache Remove SchemaClassName SetInfo SetPassword"
    ),
    "System.Exception": "ErrorCode InnerException Message NativeErrorCode StackTrace",
    "System.IAsyncResult": "AsyncWaitHandle",
    "System.IO.FileSystemInfo": (
        "Attributes BaseName CreationTime Delete Directory DirectoryName Exists Extension FullName IsReadOnly "
        "LastWriteTime LastWriteTimeUtc Length Name PSChildName PSIsContainer PSParentPath PSPath Parent "
        "Refresh"
    ),
    "System.IO.Stream": "Close Dispose Flush Length Position Read Seek SetLength ToArray Write",
    "System.IO.StreamReader": "Close Dispose EndOfStream ReadLine ReadToEnd",
    "System.IO.StreamWriter": "Close Dispose Flush Write WriteLine",
    "System.IO.TextReader": "ReadToEnd",
    "System.IO.TextWriter": "Flush Write WriteLine",
    "System.Management.Automation.ErrorRecord": (
        "CategoryInfo ErrorDetails Exception FullyQualifiedErrorId InvocationInfo TargetObject"
    ),
    "System.Management.Automation.PSMemberSet": "Properties",
    "System.Management.Automation.PSReference": "Value",
    "System.Management.Automation.PSVariable": "Name Value",
    "System.Management.Automation.ScriptBlock": "Invoke",
    "System.Management.ManagementObject": "Get GetRelated Put __CLASS __PATH",
    "System.Net.IPAddress": "AddressFamily IPAddressToString",
    "System.Net.IPEndPoint": "Address Port",
    "System.Net.IPHostEntry": "AddressList HostName",
    "System.Net.Security.SslStream": "AuthenticateAsClient RemoteCertificate",
    "System.Net.Sockets.Socket": "LocalEndPoint RemoteEndPoint",
    "System.Net.Sockets.TcpClient": (
        "BeginConnect Client Close Connect Connected EndConnect GetStream ReceiveTimeout SendTimeout"
    ),
    "System.Net.Sockets.TcpListener": "AcceptTcpClient LocalEndpoint Server Start Stop",
    "System.Net.Sockets.UdpClient": "Client Close Connect Receive Send",
    "System.Object": "CompareTo Equals GetHashCode GetType ToString",
    "System.OperatingSystem": "Platform ServicePack Version VersionString",
    "System.Security.AccessControl.FileSystemSecurity": (
        "AddAccessRule AreAccessRulesProtected GetAccessRules GetSecurityDescriptorSddlForm Sddl "
        "SetAccessRule SetAccessRuleProtection SetOwner SetSecurityDescriptorSddlForm"
    ),
    "System.Security.Cryptography.HashAlgorithm": "Clear ComputeHash",
    "System.Security.Cryptography.RNGCryptoServiceProvider": "GetBytes",
    "System.Security.Cryptography.X509Certificates.X509Certificate": "GetRawCertData",
    "System.Security.Principal.WindowsIdentity": "Name",
    "System.Security.Principal.WindowsPrincipal": "IsInRole",
    "System.ServiceProcess.ServiceController": (
        "CanStop Close DependentServices DisplayName Dispose Name Refresh RequiredServices ServiceName "
        "ServicesDependedOn Start Status Stop WaitForStatus"
    ),
    "System.String": (
        "Clone CompareTo Contains EndsWith Equals IndexOf IndexOfAny Insert LastIndexOf Length Normalize "
        "PadLeft PadRight Remove Replace Split StartsWith Substring ToCharArray ToLower ToLowerInvariant "
        "ToString ToUpper ToUpperInvariant Trim TrimEnd TrimStart"
    ),
    "System.Text.Encoding": "BodyName GetByteCount GetBytes GetPreamble GetString WebName",
    "System.Text.RegularExpressions.Group": "Index Length Success Value",
    "System.Text.RegularExpressions.GroupCollection": "Count",
    "System.Text.RegularExpressions.Match": "Groups Index Length Success Value",
    "System.Text.RegularExpressions.Regex": "IsMatch Match Matches Replace Split",
    "System.Text.StringBuilder": "Append AppendFormat AppendLine Length",
    "System.Threading.WaitHandle": "WaitOne",
    "System.TimeSpan": "Days Hours Minutes Seconds TotalDays TotalHours TotalMilliseconds TotalMinutes TotalSeconds",
    "System.Type": "FullName Name",
    "System.Version": "Build Major Minor Revision",
}
"""Type and members of its instances, those that PowerShell adds included."""
