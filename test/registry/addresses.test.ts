import { isAddressRange, isInRanges } from "../../lib/registry/addresses";

test.each(["203.0.113.7", "203.0.113.0/24", "2001:db8::/32", "::1", "10.0.0.0/8", "192.0.2.1/32"])(
  "%s is an address or a range",
  (text) => expect(isAddressRange(text)).toBe(true),
);

test.each([
  "",
  "0.0.0.0/0",
  "::/0",
  "203.0.113.0/33",
  "2001:db8::/129",
  "203.0.113.0/",
  "a/8",
  "1.2.3.4/08",
])("%j is none", (text) => expect(isAddressRange(text)).toBe(false));

test.each([
  ["203.0.113.7", ["203.0.113.0/24"], true],
  ["203.0.114.7", ["203.0.113.0/24"], false],
  ["203.0.113.7", ["203.0.113.7"], true],
  ["203.0.113.8", ["203.0.113.7"], false],
  ["2001:db8::1", ["192.0.2.1", "2001:db8::/32"], true],
  ["2001:db9::1", ["192.0.2.1", "2001:db8::/32"], false],
  ["203.0.113.7", [], false],
])("%s is in %j: %s", (address, ranges, is) => expect(isInRanges(address, ranges)).toBe(is));
