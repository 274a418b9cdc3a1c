#!/bin/sh
# Makes a CA, a server certificate and a client certificate for the TLS scripts in this folder.
#
#   scripts/make_certificates.sh [FOLDER] [NAME ...]
#
# FOLDER is scripts/certs unless given. The NAMEs (host names or IP addresses) go into the server certificate;
# without any: pi2.home localhost 127.0.0.1 ::1. What is in FOLDER is replaced.
# All are X.509 version 3 with subject alternative names: older ones are refused by today's TLS libraries.
# For trying things out only: the keys have no passphrase.
set -eu

folder=${1:-$(dirname "$0")/certs}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- pi2.home localhost 127.0.0.1 ::1

names=
for name; do
    case $name in
        *:*) kind=IP ;;
        *[!0-9.]*) kind=DNS ;;
        *) kind=IP ;;
    esac
    names=${names:+$names,}$kind:$name
done

umask 077
mkdir -p "$folder/client-certs"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# key FILE
key() {
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"
}

# sign NAME OUTPUT_WITHOUT_SUFFIX, with the extensions from stdin
sign() {
    cat > "$work/extensions"
    key "$2.key"
    openssl req -new -key "$2.key" -subj "/O=mqttscript example/CN=$1" -out "$work/request"
    openssl x509 -req -in "$work/request" -CA "$folder/ca.crt" -CAkey "$folder/ca.key" -days 3650 \
        -set_serial "0x$(openssl rand -hex 8)" -extfile "$work/extensions" -out "$2.crt" 2>/dev/null
}

cat > "$work/ca.cnf" <<'CONFIG'
[req]
distinguished_name = name
x509_extensions = ca
[name]
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
CONFIG
key "$folder/ca.key"
openssl req -x509 -new -config "$work/ca.cnf" -key "$folder/ca.key" -days 3650 \
    -subj "/O=mqttscript example/CN=mqttscript example CA" -out "$folder/ca.crt"

sign "$1" "$folder/server" <<EXTENSIONS
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = $names
EXTENSIONS

sign mqttjs01 "$folder/client-certs/client" <<EXTENSIONS
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
subjectAltName = DNS:mqttjs01
EXTENSIONS

chmod 644 "$folder"/*.crt "$folder"/client-certs/*.crt
echo "made $folder: ca.crt, server.crt ($*), client-certs/client.crt, and their keys"
