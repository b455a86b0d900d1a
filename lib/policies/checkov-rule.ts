/** Whether a rule is one of Checkov's, which `npm run checkov` checks in the synthesized stacks. */
export const isCheckovRule = (id: string): boolean => /^CKV2?_[A-Z]+_\d+$/.test(id);
