/** Used instead of a CA: the server's certificate is from a public CA, which all clients trust. */
export const PUBLIC_CA = "public";
