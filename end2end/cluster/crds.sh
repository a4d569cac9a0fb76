#!/bin/sh
# crds.sh FOLDER: copies the CustomResourceDefinitions that tests apply out of Go modules.
set -eu
folder=$1
mkdir -p "$folder"
cache=$(go env GOMODCACHE)
while read -r module files; do
  # Some modules ask for a newer Go than ours: the command then fails, yet the module is unpacked.
  go mod download "$module" 2>/dev/null || true
  [ -d "$cache/$module" ] || { echo "crds: the Go module $module could not be had" >&2; exit 1; }
  for file in $files; do install -m 644 "$cache/$module/$file" "$folder/"; done
done <<'LIST'
sigs.k8s.io/gateway-api@v1.6.3 config/crd/standard/gateway.networking.k8s.io_gatewayclasses.yaml config/crd/standard/gateway.networking.k8s.io_gateways.yaml config/crd/standard/gateway.networking.k8s.io_grpcroutes.yaml config/crd/standard/gateway.networking.k8s.io_httproutes.yaml
LIST
