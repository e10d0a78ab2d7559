/** Far enough from the five ports that a start takes. */
const NEXT_PORT = 100

/** Why nothing could listen, and what to do; undefined for any other fault. `port` is the one of the dashboard. */
export const listenFault = (fault: unknown, port: number): string | undefined => {
  if (!(fault instanceof Error) || !('code' in fault) || !('syscall' in fault) || fault.syscall !== 'listen')
    return undefined
  const taken = 'port' in fault ? fault.port : port
  const other = port + NEXT_PORT > 65_531 ? port - NEXT_PORT : port + NEXT_PORT
  if (fault.code === 'EADDRINUSE')
    return `Port ${taken} is in use. Stop the other program or choose another: --port ${other}`
  if (fault.code === 'EACCES')
    return `Port ${taken} needs rights that this user does not have. Choose one above 1023: --port ${Math.max(3000, other)}`
  if (fault.code === 'EADDRNOTAVAIL' && 'address' in fault)
    return `This machine has no address ${fault.address}. Check CONVERLAY_HOST, CONVERLAY_CAPTURE_HOST and CONVERLAY_METRICS_HOST.`
  return undefined
}
