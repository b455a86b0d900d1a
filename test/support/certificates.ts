import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Files of a server whose certificate a private authority has signed. */
export interface PrivateCertificate {
  /** PEM files. */
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/**
 * Writes an authority and a server's certificate into a folder.
 * @param name for example `DNS:vault.example.com` or `IP:127.0.0.1`
 */
export function privateCertificate(folder: string, name: string): PrivateCertificate {
  const at = (file: string) => join(folder, file);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "ignore" });
  const fresh = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const authority = ["-keyout", at("ca-key.pem"), "-out", at("ca.pem"), "-subj", "/CN=authority"];
  openssl("req", "-x509", ...fresh, ...authority, "-days", "2");
  const server = ["-keyout", at("key.pem"), "-out", at("request.pem"), "-subj", "/CN=server"];
  openssl("req", ...fresh, ...server);
  writeFileSync(at("names"), `subjectAltName=${name}`);
  openssl(
    ...["x509", "-req", "-in", at("request.pem"), "-CA", at("ca.pem"), "-CAkey", at("ca-key.pem")],
    ...["-CAcreateserial", "-days", "2", "-extfile", at("names"), "-out", at("certificate.pem")],
  );
  return { ca: at("ca.pem"), certificate: at("certificate.pem"), key: at("key.pem") };
}

/** Returns the content of the files. */
export const contentOf = ({ certificate, key }: PrivateCertificate) => ({
  cert: readFileSync(certificate),
  key: readFileSync(key),
});
