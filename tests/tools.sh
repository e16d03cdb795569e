#!/usr/bin/env bash
# Installs the servers and clients of others that the tests run against: moto for Amazon, Azurite for
# Azure Storage, Microsoft's own Key Vault clients, judges of state machines, and what agents and issuers
# elsewhere are made of.
# Prints their folder, for the tests to find:
#
#   export POSTERN_TOOLS="$(tests/tools.sh)"
set -euo pipefail
cd "$(dirname "$0")/.."

python=(
  "moto[server]==5.2.*"
  "azure-keyvault-keys==4.11.*"
  "azure-keyvault-secrets==4.12.*"
  "azure-identity==1.27.*"
)
node=("azurite@3.37.0" "asl-validator@4.0.0")
# What tests/examples is written with.
python+=("joserfc==1.8.*" "requests==2.*")
node+=("oauth4webapi@3.8.8" "dpop@2.1.2" "jose@6.2.17" "oidc-provider@9.13.3")
# The browser of people: what drives Debian's Chromium, and what judges a page.
node+=("playwright-core@1.65.1" "axe-core@4.14.1")
# Receivers of webhooks.
python+=("standardwebhooks==1.1.*")
node+=("standardwebhooks@1.1.1")

folder="${POSTERN_TOOLS:-${CARGO_TARGET_DIR:-$PWD/target}/tools}"
mkdir -p "$folder"
folder="$(cd "$folder" && pwd)"

# One at a time; the second finds everything there.
exec 9>"$folder/.lock"
flock 9

want="${python[*]} ${node[*]}"
if [ "$(cat "$folder/.installed" 2>/dev/null)" != "$want" ]; then
  rm -f "$folder/.installed"
  [ -x "$folder/venv/bin/pip" ] || python3 -m venv "$folder/venv" >&2
  "$folder/venv/bin/pip" install --quiet --disable-pip-version-check "${python[@]}" >&2
  npm install --prefix "$folder" --no-audit --no-fund --loglevel=error "${node[@]}" >&2
  printf '%s\n' "$want" >"$folder/.installed"
fi
printf '%s\n' "$folder"
