/**
 * A certificate for 127.0.0.1 that no authority has signed, valid until 2126, and its key. Neither is a secret. Made with
 * `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1`.
 */
export const UNTRUSTED_CERTIFICATE = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgxtVkh3pVX9TyAmsK
AaBgX7rMamnk+rozItP4rsk3Ig6hRANCAAQtGWgJhwCkQqPNVtUuSmH5aKeEEUPk
gzXBlf7Hif+3NM3DSVeUGMoIig22RNILlZSMwxdly1T9YUBadAvDjv6A
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBkTCCATagAwIBAgIUdOCbEoLa6o+pHhqMlkdVgi5K6WUwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyMjE4MjIzNFoYDzIxMjYxMDI5
MTgyMjM0WjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQtGWgJhwCkQqPNVtUuSmH5aKeEEUPkgzXBlf7Hif+3NM3DSVeUGMoI
ig22RNILlZSMwxdly1T9YUBadAvDjv6Ao2QwYjAdBgNVHQ4EFgQUDo/9fHN8mNvu
GcObjsef+1BM42IwHwYDVR0jBBgwFoAUDo/9fHN8mNvuGcObjsef+1BM42IwDwYD
VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0kAMEYC
IQC6jBUzHdAUzZdA7W7Cr1GVsftJGPojVkmw8yp+YxTrlgIhAJZ1JZbV9qXAX45i
4dOjWXgn1Tqzju19Ilst/JAz+A7S
-----END CERTIFICATE-----
`,
} as const;
