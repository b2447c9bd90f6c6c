# Shake hands over TLS, whatever the certificate, and send nothing.
# server: name or address; port: number; timeout: seconds.
# Prints certificate= in Base64, or failed= and why.

$end = $timeout * 1000
# The certificate of the other side is judged elsewhere.
$trust = [Net.Security.RemoteCertificateValidationCallback]{ $true }
$client = New-Object Net.Sockets.TcpClient
try {
    $found = $null
    foreach ($address in [Net.Dns]::GetHostAddresses($server)) {
        if ($address.AddressFamily -eq 'InterNetwork') {
            $found = $address
        }
    }
    if (-not $found) {
        throw ($server + ' has no address here')
    }
    $pending = $client.BeginConnect($found, $port, $null, $null)
    if (-not $pending.AsyncWaitHandle.WaitOne($end, $false)) {
        throw 'no answer in time'
    }
    $client.EndConnect($pending)
    $client.ReceiveTimeout = $end
    $client.SendTimeout = $end
    $stream = $client.GetStream()
    $stream = New-Object Net.Security.SslStream $stream, $false, $trust
    $stream.AuthenticateAsClient($server)
    [Console]::Out.WriteLine('certificate=' + [Convert]::ToBase64String($stream.RemoteCertificate.GetRawCertData()))
} catch {
    $cause = $_.Exception
    while ($cause.InnerException) {
        $cause = $cause.InnerException
    }
    [Console]::Out.WriteLine('failed=' + $cause.Message)
}
$client.Close()
exit 0
