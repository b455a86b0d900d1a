/** Whether a rule is one of Checkov's. It is checked in the synthesized stacks: `npm run checkov`. */
export const isCheckovRule = (id: string): boolean => /^CKV2?_[A-Z]+_\d+$/.test(id);
