import { isIP } from "node:net";
import { proxiedFetch } from "../../../http/proxy";
import { isInRanges } from "../../../registry/addresses";
import { type Checklist, failed, notChecked, type Outcome, ok } from "./checklist";
import type { DoctorContext } from "./context";

/** AWS's service that answers with the address of its caller. */
const CHECK_IP = "https://checkip.amazonaws.com/";

/** Compares the address of this machine with those that the org's clients may call from. */
export async function checkAddress({ org }: DoctorContext, list: Checklist): Promise<void> {
  const { allowedAddresses } = org;
  if (!allowedAddresses?.length) return;
  await list.run("address", async (): Promise<Outcome> => {
    const address = await ownAddress();
    if (address === undefined) {
      return notChecked(`${CHECK_IP} did not answer with the address of this machine`);
    }
    return isInRanges(address, allowedAddresses)
      ? ok(`calls from here arrive from ${address}, which allowedAddresses has`)
      : failed(
          `calls from here arrive from ${address}, and allowedAddresses has only ${allowedAddresses.join(", ")}`,
          "run from an allowed address, or add this one to allowedAddresses and to the clients of the deployer and the planner",
        );
  });
}

/** Returns the address from which this machine's calls arrive; undefined if nobody says it. */
async function ownAddress(): Promise<string | undefined> {
  try {
    const response = await proxiedFetch(CHECK_IP, { signal: AbortSignal.timeout(10_000) });
    const address = (await response.text()).trim();
    return response.ok && isIP(address) !== 0 ? address : undefined;
  } catch {
    return undefined;
  }
}
