#!/usr/bin/env bash
# Makes what the platform needs in one Google Cloud project. Safe to repeat: what exists is left alone. With --dry-run it changes nothing and
# prints what it would make. docs/runbooks/go-live.md says what comes before and after.
#
#   PROJECT=dotm-prod BILLING_ACCOUNT=000000-000000-000000 ALERT_EMAIL=ops@example.com GITHUB_REPOSITORY=owner/name deploy/set-up.sh [--dry-run]
#
# Optional: REGION (us-central1), INSTANCE (dotm), TIER (db-custom-1-3840), BUDGET (300), NETWORK (default), SUBNET (dotm-functions).
set -euo pipefail
cd "$(dirname "$0")"

: "${PROJECT:?name the Google Cloud project}" "${BILLING_ACCOUNT:?name the billing account}"
: "${ALERT_EMAIL:?name who hears of alerts}" "${GITHUB_REPOSITORY:?name the repository, owner/name}"
REGION=${REGION:-us-central1} INSTANCE=${INSTANCE:-dotm} TIER=${TIER:-db-custom-1-3840} BUDGET=${BUDGET:-300}
NETWORK=${NETWORK:-default} SUBNET=${SUBNET:-dotm-functions}

dry=false
[[ ${1:-} == --dry-run ]] && dry=true
made=0

g() { gcloud --project "$PROJECT" --quiet "$@"; }
exists() { g "$@" >/dev/null 2>&1; }
# Succeeds when the command that follows prints something.
some() { [[ -n $(g "$@" 2>/dev/null || true) ]]; }
# Runs what follows, or only shows it.
make() {
  made=$((made + 1))
  printf '+ %s\n' "gcloud --project $PROJECT $*"
  $dry || g "$@" >/dev/null
}

# Gives a service account roles in the project: grant_project <account> <role>...
grant_project() {
  local account=$1 held role
  shift
  held=$(g projects get-iam-policy "$PROJECT" --flatten bindings --filter "bindings.members:serviceAccount:$account" --format='value(bindings.role)' 2>/dev/null || true)
  for role in "$@"; do
    grep -qx "roles/$role" <<<"$held" ||
      make projects add-iam-policy-binding "$PROJECT" --member "serviceAccount:$account" --role "roles/$role" --condition None
  done
}

# --- Services. Enabling one that is enabled does nothing.
services="artifactregistry cloudbilling cloudbuild cloudfunctions cloudkms cloudscheduler cloudtasks compute eventarc firebase firebaseappcheck
  firebasehosting firebaserules firestore iamcredentials identitytoolkit logging monitoring recaptchaenterprise run secretmanager
  servicenetworking sqladmin sts billingbudgets"
enabled=$(g services list --enabled --format='value(config.name)' 2>/dev/null || true)
for service in $services; do
  grep -qx "$service.googleapis.com" <<<"$enabled" || make services enable "$service.googleapis.com"
done

# --- Network: a subnet for the functions (Direct VPC egress takes addresses from it; /24 leaves room for more than twice all instances), and a
# range that is peered with Google's own network, where Cloud SQL gets its private address.
exists compute networks subnets describe "$SUBNET" --region "$REGION" ||
  make compute networks subnets create "$SUBNET" --network "$NETWORK" --region "$REGION" --range 10.8.0.0/24 --enable-private-ip-google-access
exists compute addresses describe google-managed-services --global ||
  make compute addresses create google-managed-services --global --purpose VPC_PEERING --prefix-length 16 --network "$NETWORK"
some services vpc-peerings list --network "$NETWORK" --service servicenetworking.googleapis.com ||
  make services vpc-peerings connect --service servicenetworking.googleapis.com --ranges google-managed-services --network "$NETWORK"

# --- Database: no public address, daily backups, point-in-time recovery for seven days, protected against deletion. max_connections must hold
# every pool of every instance (functions/test/manifest adds them up).
exists sql instances describe "$INSTANCE" ||
  make sql instances create "$INSTANCE" --database-version POSTGRES_17 --edition ENTERPRISE --tier "$TIER" --region "$REGION" \
    --network "projects/$PROJECT/global/networks/$NETWORK" --no-assign-ip --ssl-mode ENCRYPTED_ONLY --storage-auto-increase \
    --backup-start-time 10:00 --enable-point-in-time-recovery --retained-transaction-log-days 7 --retained-backups-count 30 \
    --availability-type REGIONAL --deletion-protection --database-flags max_connections=740
exists sql databases describe dotm --instance "$INSTANCE" || make sql databases create dotm --instance "$INSTANCE"

# --- Secrets: empty until an operator gives each its value (go-live.md). The names come from the code.
for secret in $(node ../functions/src/ops/preflight.ts --secrets) DATABASE_URL_MIGRATIONS; do
  exists secrets describe "$secret" || make secrets create "$secret" --replication-policy automatic
done

# --- The account of the public functions: without any role, so that who takes one over can reach nothing in the project. The deployment lets it
# read the one secret that they use.
exists iam service-accounts describe "dotm-public@$PROJECT.iam.gserviceaccount.com" ||
  make iam service-accounts create dotm-public --display-name 'Public functions, without rights'

# --- The account of the function that pays DOTM: the only one that may sign with the key in Cloud KMS (docs/runbooks/distribution.md gives it that
# right, key by key). It hands tasks to the other functions' queues in its own name.
payer="dotm-payer@$PROJECT.iam.gserviceaccount.com"
exists iam service-accounts describe "$payer" || make iam service-accounts create dotm-payer --display-name 'Pays DOTM'
some iam service-accounts get-iam-policy "$payer" --flatten bindings --filter "bindings.members:serviceAccount:$payer" --format='value(bindings.role)' ||
  make iam service-accounts add-iam-policy-binding "$payer" --member "serviceAccount:$payer" --role roles/iam.serviceAccountUser
grant_project "$payer" cloudtasks.enqueuer run.invoker logging.logWriter

# --- Deployment from GitHub without a key: only tags of this repository may act as the deployer.
deployer="deployer@$PROJECT.iam.gserviceaccount.com"
exists iam service-accounts describe "$deployer" || make iam service-accounts create deployer --display-name 'Deploys from GitHub'
exists iam workload-identity-pools describe github --location global ||
  make iam workload-identity-pools create github --location global
exists iam workload-identity-pools providers describe github --location global --workload-identity-pool github ||
  make iam workload-identity-pools providers create-oidc github --location global --workload-identity-pool github \
    --issuer-uri https://token.actions.githubusercontent.com --attribute-mapping 'google.subject=assertion.sub,attribute.repository=assertion.repository' \
    --attribute-condition "assertion.repository == '$GITHUB_REPOSITORY' && assertion.ref.startsWith('refs/tags/v')"
number=$(g projects describe "$PROJECT" --format='value(projectNumber)' 2>/dev/null || echo NUMBER)
member="principalSet://iam.googleapis.com/projects/$number/locations/global/workloadIdentityPools/github/attribute.repository/$GITHUB_REPOSITORY"
some iam service-accounts get-iam-policy "$deployer" --flatten bindings --filter "bindings.members:$member" --format='value(bindings.role)' ||
  make iam service-accounts add-iam-policy-binding "$deployer" --role roles/iam.workloadIdentityUser --member "$member"
grant_project "$deployer" firebase.admin cloudfunctions.admin cloudscheduler.admin cloudtasks.admin run.admin cloudsql.client \
  iam.serviceAccountUser secretmanager.secretAccessor artifactregistry.writer

# --- Alerts: log-based metrics and the policies of deploy/alerts, which go to one e-mail address.
for metric in alert_raised:'jsonPayload.message="alert raised"' books_wrong:'jsonPayload.message="books verified" AND severity>=ERROR' \
  job_gave_up:'jsonPayload.message="job gave up"' operation_failed:'jsonPayload.message="operation failed"' \
  webhook_refused:'jsonPayload.message="webhook refused"' swept:'jsonPayload.message="swept"'; do
  exists logging metrics describe "${metric%%:*}" ||
    make logging metrics create "${metric%%:*}" --description 'DOTM: see docs/runbooks/firebase-console.md' --log-filter "${metric#*:}"
done
channel() { g beta monitoring channels list --filter 'displayName="DOTM operators"' --format='value(name)' 2>/dev/null | head -n 1; }
[[ -n $(channel || true) ]] ||
  make beta monitoring channels create --display-name 'DOTM operators' --type email --channel-labels "email_address=$ALERT_EMAIL"
to=$(channel || true)
for file in alerts/*.json; do
  name=$(node -p "JSON.parse(require('fs').readFileSync('$file', 'utf8')).displayName")
  some alpha monitoring policies list --filter "displayName=\"$name\"" --format='value(name)' ||
    make alpha monitoring policies create --policy-from-file "$file" --notification-channels "${to:-CHANNEL}"
done

# --- Budget: mails at half, at nine tenths, at all of it, and when the forecast goes over.
if ! some billing budgets list --billing-account "$BILLING_ACCOUNT" --filter "displayName=\"DOTM $PROJECT\"" --format='value(name)'; then
  make billing budgets create --billing-account "$BILLING_ACCOUNT" --display-name "DOTM $PROJECT" --budget-amount "${BUDGET}USD" \
    --filter-projects "projects/$PROJECT" --threshold-rule percent=0.5 --threshold-rule percent=0.9 --threshold-rule percent=1.0 \
    --threshold-rule percent=1.0,basis=forecasted-spend
fi

if $dry; then printf '%s to make; nothing was changed\n' "$made"; else printf '%s made; everything else was there\n' "$made"; fi
