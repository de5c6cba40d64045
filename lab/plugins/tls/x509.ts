// @peculiar/x509, loaded by the first certificate: most runs make none. Its dependency tsyringe wants the polyfill first.
export async function loadX509() {
  await import("reflect-metadata");
  return await import("@peculiar/x509");
}
