// Korean messages for the check of kubeconfigs, in the format of `problemsKo.ts`.

export const kubeconfigProblemsKo: Readonly<Record<string, string>> = {
  "cluster {} {}": "클러스터 {1}: {2}",
  "context {} {}": "컨텍스트 {1}: {2}",
  "user {} {}": "사용자 {1}: {2}",
  "{} cannot be read ({})": "{1} 파일을 읽을 수 없습니다 ({2})",
  '{}; merge several files into one: KUBECONFIG=FILE:FILE kubectl config view --flatten > FILE, and set "kubeconfig" to its path':
    '{1}. 여러 파일은 하나로 합치고(KUBECONFIG=FILE:FILE kubectl config view --flatten > FILE) 그 경로를 "kubeconfig"에 적어야 합니다',
  '{}; set "kubeconfig" to the path of a file': '{1}. "kubeconfig"에 파일 경로를 적어야 합니다',
  "names no server": "server가 없습니다",
  "has a login in its server; move it to the user's credentials":
    "server에 로그인 정보가 있습니다. 지우고 사용자 항목에 자격 증명을 적어야 합니다",
  "has a server without a scheme; write https:// before it": "server에 스킴이 없습니다. 앞에 https://를 적어야 합니다",
  "has a server that is not a URL, such as https://203.0.113.7:6443":
    "server가 URL이 아닙니다. 예: https://203.0.113.7:6443",
  "has a server with an abbreviated form of the address {}; write it out":
    "server의 주소가 {1}의 줄임꼴입니다. 전체 주소를 적어야 합니다",
  "has a server with a query or a fragment; remove it, from ? or # on":
    "server에 쿼리나 프래그먼트가 있습니다. ? 또는 #부터 지워야 합니다",
  "has a server without TLS (http://): tokens would be sent unencrypted; set an https:// address":
    "server가 TLS를 쓰지 않아(http://) 토큰이 평문으로 전송됩니다. https:// 주소를 적어야 합니다",
  "has a CA and insecure-skip-tls-verify, which contradict each other; remove one":
    "CA와 insecure-skip-tls-verify가 서로 모순됩니다. 하나를 지워야 합니다",
  "has both certificate-authority and certificate-authority-data; remove one":
    "certificate-authority와 certificate-authority-data가 모두 있습니다. 하나를 지워야 합니다",
  "has a {} without a certificate in PEM; copy it again": "{1}에 PEM 인증서가 없습니다. 다시 복사해야 합니다",
  "has a proxy-url that is not one of http://, https:// or socks5:// (with its port, such as http://proxy.example:3128)":
    "proxy-url이 http://, https://, socks5:// 형식이 아닙니다. 포트까지 적어야 합니다. 예: http://proxy.example:3128",
  "; kubeconfigs do not expand ~, give the absolute path":
    ". kubeconfig에서 ~는 홈 디렉터리가 아니므로 전체 경로를 적어야 합니다",
  "; relative paths start at the kubeconfig's folder": ". 상대 경로는 kubeconfig가 있는 폴더에서 시작합니다",
  "names a {} that cannot be read: {} ({}){}": "{1} 파일을 읽을 수 없습니다: {2} ({3}){4}",
  "has a token and a username or password; remove one":
    "토큰과 사용자 이름 또는 비밀번호가 모두 있습니다. 하나를 지워야 합니다",
  "has both an exec entry and an auth-provider; remove one":
    "exec와 auth-provider가 모두 있습니다. 하나를 지워야 합니다",
  "has as-uid, as-groups or as-user-extra without as; add as, or remove them":
    "as 없이 as-uid, as-groups, as-user-extra가 있습니다. as를 추가하거나 지워야 합니다",
  "has a token with a line break or another control character in it; copy it again, as one line":
    "토큰에 줄바꿈이나 제어 문자가 있습니다. 한 줄로 다시 복사해야 합니다",
  "has a control character in its impersonation (as, as-uid, as-groups, as-user-extra); remove it":
    "as, as-uid, as-groups, as-user-extra의 이름에 제어 문자가 있습니다. 지워야 합니다",
  "has an empty tokenFile; get a new token": "tokenFile이 비어 있습니다. 토큰을 다시 발급받아야 합니다",
  "has no user, so requests would be anonymous; set one in it":
    "사용자가 없어 API 서버에 익명으로 접속하게 됩니다. 사용자를 지정해야 합니다",
  "has a password without a username; add it": "비밀번호만 있고 사용자 이름이 없습니다. 추가해야 합니다",
  "(a client key needs its certificate)": "(인증서 없는 클라이언트 키는 자격 증명이 아님)",
  "has no credentials{}; give it a token, a client certificate with its key, or an exec command":
    "자격 증명이 없습니다{1}. 토큰, 클라이언트 인증서와 키 또는 exec 명령을 적어야 합니다",
  "has both {} and {}-data; remove one": "{1} 항목과 {2}-data 항목이 모두 있습니다. 하나를 지워야 합니다",
  "has a client certificate without a client key; add the key":
    "클라이언트 인증서만 있고 키가 없습니다. 키를 추가해야 합니다",
  "has a client certificate or key that is not PEM, or a key with a passphrase; get both again":
    "클라이언트 인증서나 키가 PEM이 아니거나 키에 암호가 있습니다. 둘 다 다시 발급받아야 합니다",
  "has a client key that does not belong to its client certificate; get both again":
    "클라이언트 키와 인증서가 맞지 않습니다. 둘 다 다시 발급받아야 합니다",
  "its command gke-gcloud-auth-plugin": "gke-gcloud-auth-plugin 명령",
  "its command kubelogin": "kubelogin 명령",
  "an exec command": "exec 명령",
  "gets its credentials from the auth-provider {}, which kubectl has removed; use {}":
    "kubectl이 더는 지원하지 않는 auth-provider {1}에서 자격 증명을 받습니다. 대신 사용: {2}",
  "has an auth-provider oidc without {}; add what is missing":
    "auth-provider oidc에 {1} 값이 없습니다. 추가해야 합니다",
  "has an auth-provider oidc whose idp-certificate-authority does not exist: {}; give its absolute path":
    "auth-provider oidc의 idp-certificate-authority 파일이 없습니다: {1}. 절대 경로를 적어야 합니다",
  "has an auth-provider oidc without id-token and refresh-token; log in again":
    "auth-provider oidc에 id-token과 refresh-token이 없습니다. 다시 로그인해야 합니다",
  "gets its credentials from the command {}": "자격 증명 명령 {1}",
  "has an exec entry without a command; add it, or remove the entry":
    "exec에 명령이 없습니다. 추가하거나 항목을 지워야 합니다",
  "in the version {}, which kubectl no longer supports": "kubectl이 더는 지원하지 않는 버전 {1}",
  "without an apiVersion": "apiVersion 없음",
  "{} {}; recreate the entry with a current version of that command ({}/v1beta1 or v1)":
    "{1}: {2}. 그 명령의 최신 버전으로 항목을 다시 만들어야 합니다 ({3}/v1beta1 또는 v1)",
  "{} without interactiveMode, which {}/v1 demands; set it to IfAvailable or Never":
    "{1}: {2}/v1에 필수인 interactiveMode가 없습니다. IfAvailable 또는 Never로 지정해야 합니다",
  "{} with the interactiveMode {}; set it to IfAvailable or Never":
    "{1}: interactiveMode가 {2}입니다. IfAvailable 또는 Never로 지정해야 합니다",
  "{} with a variable in env that has no name; add the name":
    "{1}: env에 이름 없는 변수가 있습니다. 이름을 추가해야 합니다",
  "{}, which needs a terminal (interactiveMode: Always); use credentials that do not":
    "{1}: 터미널에서 사람이 입력해야 합니다(interactiveMode: Always). 입력이 필요 없는 자격 증명을 사용합니다",
  "which does not exist or is not executable": "명령이 없거나 실행할 수 없습니다",
  "which is not on PATH": "PATH에 없습니다",
  "{}, a script without a first line that begins with #!, so only a shell can start it; add that line":
    "{1}: 스크립트의 첫 줄이 #!로 시작하지 않아 셸에서만 실행됩니다. 첫 줄을 추가해야 합니다",
  "{}, {}; install it{}": "{1}: {2}. 설치합니다{3}",
  "{}, {}; put arguments into args, not into command": "{1}: {2}. 인수는 command가 아닌 args에 적습니다",
  "must be a string; put it in quotes": "문자열이어야 합니다. 따옴표로 감싸야 합니다",
  "must be true or false, without quotes": "따옴표 없는 true 또는 false여야 합니다",
  "must be a list": "목록이어야 합니다",
  "must be a map": "맵이어야 합니다",
  "is not base64": "base64가 아닙니다",
  "has two entries with the same name, which kubectl refuses; remove one":
    "이름이 같은 항목이 둘 있어 kubectl이 거부합니다. 하나를 지워야 합니다",
  'must be "Config"': '"Config"여야 합니다',
  'must be "v1"': '"v1"이어야 합니다',
  "{} is not a kubeconfig: {}": "{1}: kubeconfig가 아닙니다: {2}",
  "{} has two {} of the name {}, which kubectl refuses; remove one":
    "{1}: {2}에 이름이 {3}인 항목이 둘 있어 kubectl이 거부합니다. 하나를 지워야 합니다",
  "{} has no context {}; it has {}": "{1}: 컨텍스트 {2} 항목이 없습니다. 있는 컨텍스트: {3}",
  "context {} names no cluster; set one in it": "컨텍스트 {1}에 클러스터가 없습니다. 지정해야 합니다",
  "context {} names cluster {}, which is not in the file": "컨텍스트 {1}의 클러스터 {2} 항목이 파일에 없습니다",
  "context {} names user {}, which is not in the file": "컨텍스트 {1}의 사용자 {2} 항목이 파일에 없습니다",
  "it has control characters, or is not in UTF-8": "제어 문자가 있거나 UTF-8이 아닙니다",
  "it is not YAML 1.1": "YAML 1.1이 아닌 버전입니다",
  'it has "\\/" in a string; write "/" instead': '문자열에 "\\/"가 있습니다. "/"로 적어야 합니다',
  "it is not YAML{}": "YAML이 아닙니다{1}",
  "(line {})": "({1}번째 줄)",
};
