/** In place of a CA: the server's certificate is of a public one, which everybody trusts. */
export const PUBLIC_CA = "public";
