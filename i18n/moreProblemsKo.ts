// More entries of `problemsKo.ts`: secrets, kubeconfigs, addresses, the sample and machines.

export const moreProblemsKo: Readonly<Record<string, string>> = {
  "output {} of stack {}": "스택 {2}의 출력 {1}",
  "{} does not exist; see: pulumi stack output --stack {}":
    "{1}: 없는 출력입니다. 확인: pulumi stack output --stack {2}",
  "{} is not encrypted in the stack file; put it there by: pulumi config set --secret --path '{}' < FILE":
    "{1}: 스택 파일에서 암호화되어 있지 않습니다. 암호화해서 적는 명령: pulumi config set --secret --path '{2}' < FILE",
  "the text of a kubeconfig": "kubeconfig 내용",
  "the text of the kubeconfig": "kubeconfig 내용",
  "a proxy's password": "프록시 비밀번호",
  "a private key": "개인 키",
  "a password": "비밀번호",
  'must be "Exists" without a key: the toleration is then for every taint':
    'key가 없으면 모든 taint를 뜻하므로 "Exists"여야 합니다',
  'must not be set with operator "Exists", which matches every value; remove it':
    'operator "Exists"는 모든 값을 허용하므로 함께 쓸 수 없습니다. 지워야 합니다',
  '{} cannot be a Secret\'s name (lower case letters, digits, "-" and ".")':
    '{1} 값은 시크릿 이름으로 쓸 수 없습니다 (소문자, 숫자, "-", ".")',
  "{} is not a registry's host, such as registry.example or registry.example:5000":
    "{1} 값은 레지스트리 호스트가 아닙니다. 예: registry.example, registry.example:5000",
  "is missing; set server, username and password, or none of them to use an existing Secret":
    "없습니다. server, username, password를 모두 적거나, 이미 있는 시크릿이면 모두 빼야 합니다",
  "{} is already that of pullSecrets[{}]; use one Secret for each registry":
    "{1} 값은 이미 pullSecrets[{2}]에서 사용합니다. 시크릿 하나로는 레지스트리 하나에만 로그인할 수 있습니다",
  "{} is not an https:// URL, such as https://203.0.113.7:6443":
    "{1} 값은 https:// URL이 아닙니다. 예: https://203.0.113.7:6443",
  "must not have a login, a query or a fragment; the other clusters authenticate with a token":
    "로그인 정보, 쿼리, 프래그먼트가 있으면 안 됩니다. 다른 클러스터는 자체 토큰을 사용합니다",
  "{} is not a hostname, such as kubernetes.default.svc": "{1} 값은 호스트 이름이 아닙니다. 예: kubernetes.default.svc",
  "{} is not a proxy's URL, such as http://proxy.example:3128 (or https, socks5)":
    "{1} 값은 프록시 URL이 아닙니다. 예: http://proxy.example:3128 (https, socks5도 가능)",
  'needs "apiServer", an address that serves a certificate with that name':
    '그 이름의 인증서를 제공하는 주소인 "apiServer"가 필요합니다',
  "must be a path, the content of a kubeconfig, or {stack, output}":
    "경로, kubeconfig 내용 또는 {stack, output}이어야 합니다",
  "must be at most {}: Istio's sample has no later version of reviews":
    "{1} 이하여야 합니다. Istio 샘플의 reviews에 더 높은 버전이 없습니다",
  "must not be empty; remove it if the addresses are not known yet":
    "비어 있으면 안 됩니다. 주소를 아직 모르면 지워야 합니다",
  "is istiod's own namespace; choose another one for the sample":
    "istiod의 네임스페이스입니다. 샘플에는 다른 네임스페이스를 적어야 합니다",
  "is a namespace whose pods never get a sidecar; choose another one for the sample":
    "사이드카가 주입되지 않는 네임스페이스입니다. 샘플에는 다른 네임스페이스를 적어야 합니다",
  "is empty; list the clusters of the mesh": "비어 있습니다. 메시의 클러스터를 적어야 합니다",
  'every cluster has the state "gone": pulumi has nothing to create or delete; remove the stack by: pulumi stack rm --force':
    '모든 클러스터의 state가 "gone"입니다. 만들거나 삭제할 리소스가 없으므로 스택을 제거해야 합니다: pulumi stack rm --force',
  'every cluster is "leaving" or "gone"; a mesh needs at least one that stays (pulumi destroy removes the mesh)':
    '모든 클러스터가 "leaving" 또는 "gone"입니다. 메시에는 남는 클러스터가 하나 이상 필요합니다 (메시 제거는 pulumi destroy)',
  "must be at most 86400, a day": "하루인 86400 이하여야 합니다",
  "csp {} ({}) fills in {}": "csp {1} ({2})의 기본값 적용: {3}",
  "the gateway's annotation {}{}": "게이트웨이 어노테이션 {1}{2}",
  nothing: "없음",
  "an unnamed provider": "이름 없는 CSP",
  'is required with csp {}: the program knows no storage driver of {}; set the cluster\'s CSI driver, such as "cinder.csi.openstack.org" (kubectl get csidrivers)':
    'csp {1}에서는 필수 항목입니다. {2}의 스토리지 드라이버가 알려져 있지 않습니다. 클러스터의 CSI 드라이버를 적어야 합니다. 예: "cinder.csi.openstack.org" (kubectl get csidrivers)',
  '{} is not a name that Kubernetes accepts (lower case letters, digits, "-" and ".", at most 253)':
    '{1} 값은 Kubernetes 이름이 아닙니다 (소문자, 숫자, "-", ".", 최대 253자)',
  "must have versions such as v1 for its keys": "키는 v1과 같은 버전이어야 합니다",
  "must be a table of versions, got {}": "버전별 맵이어야 합니다. 현재 값: {1}",
  "must add up to 100, got {}": "합계가 100이어야 합니다. 현재 합계: {1}",
  'must be one of "none", "weights", "failover", got {}':
    '"none", "weights", "failover" 중 하나여야 합니다. 현재 값: {1}',
  "istiod would treat both as one cluster": "istiod가 둘을 한 클러스터로 취급합니다",
  "istiod would send requests directly to pods that it cannot reach through a gateway":
    "istiod가 접속할 수 없는 파드로 요청을 직접 보냅니다",
  "both entries would be the same cluster": "둘이 같은 클러스터가 됩니다",
  "requests for {} would reach only one gateway; give each gateway its own address":
    "{1}에 대한 요청이 한 게이트웨이로 갑니다. 각각의 게이트웨이로만 연결되는 주소를 적어야 합니다",
  'the others would watch the same cluster as {}; give each as "apiServer" the address at which they reach it':
    '다른 클러스터가 한 클러스터를 {1}(으)로 감시하게 됩니다. 각각 접속할 수 있는 주소를 "apiServer"에 적어야 합니다',
  "{} is already that of clusters[{}]; {}": "{1} 값은 이미 clusters[{2}]에 있습니다. {3}",
  "is missing: the server in the kubeconfig is local to this machine, so no other cluster can reach it; give the address at which the others reach it, such as https://203.0.113.7:6443":
    "없습니다. kubeconfig의 server가 작업 머신에서만 쓰는 주소여서 다른 클러스터가 접속할 수 없습니다. 다른 클러스터가 접속할 주소를 적어야 합니다. 예: https://203.0.113.7:6443",
  "is an address by which each cluster reaches only itself; give the address at which the others reach it, such as https://203.0.113.7:6443":
    "각 클러스터가 자기 자신에게 접속하게 되는 주소입니다. 다른 클러스터가 접속할 주소를 적어야 합니다. 예: https://203.0.113.7:6443",
  "{} a link-local or multicast address, which other networks cannot reach; give the address at which the other clusters reach it, such as https://203.0.113.7:6443":
    "링크 로컬 또는 멀티캐스트 주소여서 다른 네트워크에서 접속할 수 없습니다. 다른 클러스터가 접속할 주소를 적어야 합니다. 예: https://203.0.113.7:6443",
  'is missing: the kubeconfig does not verify its server (insecure-skip-tls-verify), but the other clusters must; give the CA of that server\'s certificate, or "public" for a public one':
    '없습니다. kubeconfig는 서버를 검증하지 않지만(insecure-skip-tls-verify) 다른 클러스터는 검증해야 합니다. 서버 인증서의 CA를 적거나, 공인 인증서이면 "public"을 적어야 합니다',
  "{} is already that of vmAccount.hosts[{}]": "{1} 값은 이미 vmAccount.hosts[{2}]에 있습니다",
  "is not a private key in PEM without a passphrase; convert a copy by: ssh-keygen -p -m PEM -N '' -f COPY":
    "암호 없는 PEM 개인 키가 아닙니다. 사본 변환: ssh-keygen -p -m PEM -N '' -f COPY",
  "must be an RSA key, but is {}; create one by: ssh-keygen -t rsa -m PEM":
    "RSA 키여야 합니다. 현재 종류: {1}. 생성: ssh-keygen -t rsa -m PEM",
  "must have at least {} bits, has {}": "{1}비트 이상이어야 합니다. 현재: {2}비트",
  "{} is neither a host name nor an IP": "{1} 값은 호스트 이름도 IP도 아닙니다",
  '{} is not an Ed25519 or ECDSA host key, such as "ssh-ed25519 AAAA…"; see: ssh-keyscan -t ed25519 HOST':
    '{1} 값은 Ed25519 또는 ECDSA 호스트 키가 아닙니다. 예: "ssh-ed25519 AAAA…". 확인: ssh-keyscan -t ed25519 HOST',
  "needs either privateKey or password": "privateKey와 password 중 하나가 필요합니다",
  "must be at most 32 characters long": "32자 이하여야 합니다",
  '{} is not an account name (lower case letters, digits, "-" and "_")':
    '{1} 값은 계정 이름이 아닙니다 (소문자, 숫자, "-", "_")',
  "needs at least one machine; without machines, remove vmAccount":
    "머신이 하나 이상 필요합니다. 없으면 vmAccount를 지워야 합니다",
  "{} is not a Kubernetes quantity, such as 100m, 2, 128Mi or 1Gi":
    "{1} 값은 Kubernetes 수량이 아닙니다. 예: 100m, 2, 128Mi, 1Gi",
  "got {}, less than the {} requested; raise it, or lower requests.{}":
    "현재 값 {1}, 요청량 {2}보다 작습니다. 값을 높이거나 requests.{3} 값을 낮춰야 합니다",
  'is missing: ca.source is "{}", so the program cannot create another root; set the new root':
    '없습니다. ca.source가 "{1}"이어서 프로그램이 다른 루트를 만들 수 없습니다. 새 루트를 적어야 합니다',
  "has the mesh's present root; set another one, or remove csp-mesh:rootRotation":
    "현재 메시의 루트와 같습니다. 다른 루트를 적거나 csp-mesh:rootRotation을 지워야 합니다",
};
