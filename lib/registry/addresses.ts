import { BlockList, isIP } from "node:net";

/**
 * Whether a text is an IP address, or a range of them in CIDR notation. The range of all addresses is
 * none, since it would limit nothing.
 */
export function isAddressRange(text: string): boolean {
  const [address = "", size, ...others] = text.split("/");
  const family = isIP(address);
  if (family === 0 || others.length > 0) return false;
  if (size === undefined) return true;
  return /^[1-9]\d{0,2}$/.test(size) && Number(size) <= (family === 4 ? 32 : 128);
}

/** Whether an IP address is in one of the ranges. */
export function isInRanges(address: string, ranges: readonly string[]): boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = "", size] = range.split("/");
    const family = familyOf(network);
    list.addSubnet(network, Number(size ?? (family === "ipv4" ? 32 : 128)), family);
  }
  return list.check(address, familyOf(address));
}

const familyOf = (address: string): "ipv4" | "ipv6" => (isIP(address) === 6 ? "ipv6" : "ipv4");
