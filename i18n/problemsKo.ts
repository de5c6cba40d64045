// Korean messages for the config's checks, by English template. `{}` stands for a value, `{2}` for the second value.

export const problemsKo: Readonly<Record<string, string>> = {
  "The config of this stack cannot be used:": "이 스택의 설정을 사용할 수 없습니다:",
  "unknown key {}; known are {}": "알 수 없는 키입니다: {1}. 사용할 수 있는 키: {2}",
  "is required ({})": "필수 항목입니다 ({1})",
  "must be a {}": "{1} 형식이어야 합니다",
  "must be of type {}, got {}": "{1} 형식이어야 합니다. 현재 값: {2}",
  "must be one of {}, got {}{}": "가능한 값: {1}. 현재 값: {2}{3}",
  '; for every other provider use "generic"': '. 그 밖의 CSP에는 "generic"을 사용합니다',
  "must be {} {}, got {}": "{2} {1}의 수여야 합니다. 현재 값: {3}",
  "at least": "이상",
  "more than": "초과",
  "must not be empty": "비어 있으면 안 됩니다",
  "must be a non-empty string; a number needs quotes":
    "비어 있지 않은 문자열이어야 합니다. 숫자는 따옴표로 감싸야 합니다",
  "contains a login; remove it, and set {}.username and password":
    "로그인 정보가 들어 있습니다. 지우고 {1}.username과 password에 적어야 합니다",
  "is only for downloads, and {} is {}": "내려받을 때만 쓰는 값인데 {1} 값이 {2}입니다",
  "must be the path of a PEM file": "PEM 파일의 경로여야 합니다",
  "is missing; it belongs to username": "없습니다. username과 함께 적어야 합니다",
  "is missing; it belongs to password": "없습니다. password와 함께 적어야 합니다",
  "is empty; give username and password, caFile, or all of them":
    "비어 있습니다. username과 password, caFile 또는 모두를 적어야 합니다",
  "min {} is more than max {}; raise max or lower min":
    "min {1} 값이 max {2} 값보다 큽니다. max를 높이거나 min을 낮춰야 합니다",
  "the text": "텍스트",
  "{} holds no PEM certificate": "{1}에 PEM 인증서가 없습니다",
  "certificate {} of {} cannot be parsed": "{2}의 {1}번째 인증서를 해석할 수 없습니다",
  "{} cannot be read ({}); give PEM or the path of a PEM file":
    "{1} 파일을 읽을 수 없습니다 ({2}). PEM 또는 PEM 파일의 경로를 적어야 합니다",
  "must be one of 2048, 3072, 4096, got {}": "2048, 3072, 4096 중 하나여야 합니다. 현재 값: {1}",
  "must be less than ca.intermediateValidityHours, which is {}, got {}":
    "ca.intermediateValidityHours({1})보다 작아야 합니다. 현재 값: {2}",
  "is not for keys of algorithm {}; remove it, or set ca.algorithm to {}":
    "{1} 키에는 쓸 수 없습니다. 지우거나 ca.algorithm을 {2} 값으로 바꿔야 합니다",
  "must be less than ca.rootPathLength, which is {}, got {}": "ca.rootPathLength({1})보다 작아야 합니다. 현재 값: {2}",
  'must be one of "generated", "root", "intermediates"': '"generated", "root", "intermediates" 중 하나여야 합니다',
  "is missing; set the cluster's certificate and key": "없습니다. 클러스터의 인증서와 키를 적어야 합니다",
  "is not a cluster of the mesh, which has {}": "메시에 없는 클러스터입니다. 메시의 클러스터: {1}",
  "its certificate": "그 인증서",
  "which is ca.root": "루트 ca.root",
  "the next in the chain": "체인의 다음 인증서",
  "{} is not signed by {}, {}; put the certificates between it and the root into {}, the lowest first":
    "{1} 인증서는 {2}({3})의 서명을 받지 않았습니다. 루트까지의 중간 인증서를 아래쪽부터 {4}에 적어야 합니다",
  '{} is not self-signed, but signed by {}; set the root itself, and your own intermediates by ca.source "intermediates"':
    '{1} 인증서는 자체 서명이 아니라 {2}의 서명을 받았습니다. 루트 인증서를 적고, 자체 중간 인증서는 ca.source "intermediates"로 지정해야 합니다',
  "{} signed itself with {}, which is safe for a root, but other tools may refuse it":
    "{1} 인증서는 {2} 방식으로 자체 서명했습니다. 루트에서는 위험하지 않지만 다른 도구가 거부할 수 있습니다",
  "holds a block {} as well; remove it, because this value becomes public":
    "{1} 블록도 들어 있습니다. 이 값은 공개되므로 인증서만 남겨야 합니다",
  "is not valid PEM; give the whole file, with its line breaks":
    "읽을 수 있는 PEM이 아닙니다. 줄바꿈을 포함해 파일 전체를 적어야 합니다",
  "exactly one certificate": "인증서 정확히 1개",
  "one or more certificates": "인증서 1개 이상",
  "must hold {} in PEM, has {}": "PEM 형식으로 다음이 있어야 합니다: {1}. 현재 개수: {2}",
  "is not the key of {}, {}; give the key that belongs to this certificate":
    "{1}({2})의 키가 아닙니다. 인증서를 만들 때 쓴 키를 적어야 합니다",
  "begins with a block {}, and istiod reads only the first block; remove it":
    "{1} 블록으로 시작합니다. istiod는 첫 블록만 읽으므로 그 블록을 지워야 합니다",
  "is not a private key in PEM without a passphrase; decrypt it by: openssl pkey -in FILE":
    "암호 없는 PEM 개인 키가 아닙니다. 복호화: openssl pkey -in FILE",
  "{} is not a CA; reissue it with the basic constraint CA:TRUE":
    "{1} 인증서는 CA가 아닙니다. basic constraint CA:TRUE로 다시 발급받아야 합니다",
  "{} is not valid before {}; check this machine's clock":
    "{1} 인증서는 {2}부터 유효합니다. 작업 머신의 시계를 확인해야 합니다",
  "{} expired on {}; issue a new one": "{1} 인증서가 {2}에 만료되었습니다. 새로 발급받아야 합니다",
  "{} expires on {}, in {} days; issue a new one": "{1} 인증서가 {2}({3}일 뒤)에 만료됩니다. 새로 발급받아야 합니다",
  "{} allows {} levels of CAs below it, and {} are needed; reissue it with a path length of {} or more":
    "{1} 인증서는 하위 CA를 {2}단계까지 허용하지만 {3}단계가 필요합니다. path length {4} 이상으로 다시 발급받아야 합니다",
  "{} contains neither {}{}/Chart.yaml nor {}-{}.tgz; give a folder with Istio's charts, an https:// repository or an oci:// registry":
    "{1}에 {2}{3}/Chart.yaml도 {4}-{5}.tgz도 없습니다. Istio 차트가 있는 폴더, https:// 저장소 또는 oci:// 레지스트리를 적어야 합니다",
  "istio.tag {} does not contain istio.version {}, so the tag for {} is unknown; set a tag that does":
    "istio.tag {1}에 istio.version {2}이(가) 들어 있지 않아 {3}의 태그를 알 수 없습니다. 버전이 들어 있는 태그를 적어야 합니다",
  "istio.chartDigests are those of {}; remove them while a cluster has another version":
    "istio.chartDigests는 {1}의 다이제스트입니다. 버전이 다른 클러스터가 있는 동안에는 지워야 합니다",
  "{} is not a packed chart, and only packed charts have a digest; remove it":
    "{1} 차트는 압축 파일이 아니어서 다이제스트가 없습니다. 지워야 합니다",
  "{} has more than {} MiB unpacked, more than any chart of Istio":
    "{1} 차트의 압축을 풀면 {2} MiB를 넘습니다. Istio 차트가 아닙니다",
  "is set by the program itself; remove it": "프로그램이 직접 설정하는 값입니다. 지워야 합니다",
  'is {}, and ca.source "intermediates" makes the program create no keys; put another certificate and key into ca.intermediates.{}':
    '값이 {1}이지만 ca.source "intermediates"에서는 프로그램이 키를 만들지 않습니다. ca.intermediates.{2}에 다른 인증서와 키를 적어야 합니다',
  "runs in no cluster; this mesh has {}": "어느 클러스터에서도 실행되지 않습니다. 이 메시의 버전: {1}",
  "{} is not a CIDR, such as 203.0.113.0/24 or 203.0.113.7/32":
    "{1} 값은 CIDR이 아닙니다. 예: 203.0.113.0/24, 203.0.113.7/32",
  "{} is not a SHA-256 (64 hexadecimal digits, as sha256sum prints them)":
    "{1} 값은 SHA-256이 아닙니다 (sha256sum이 출력하는 16진수 64자리)",
  '{} is not a DNS-1123 label (lower case letters, digits and "-", at most 63); use {}; it may differ from the name in the kubeconfig':
    '{1} 값은 DNS-1123 레이블이 아닙니다 (소문자, 숫자, "-", 최대 63자). kubeconfig의 이름과 관계없이 {2} 값을 사용합니다',
  "{} is a property of every JavaScript object, so this program cannot use it as a name; use another, such as {}":
    "{1} 값은 모든 JavaScript 객체에 있는 속성의 이름이어서 쓸 수 없습니다. 다른 이름을 적어야 합니다. 예: {2}",
  '{} is not a version of Istio\'s charts, such as {}: without "v", with all three numbers':
    '{1} 값은 Istio 차트 버전이 아닙니다. "v" 없이 세 숫자를 모두 적어야 합니다. 예: {2}',
  "{} is not a trust domain that istiod accepts (DNS labels in lower case, joined by dots, such as mesh.example)":
    "{1} 값은 istiod가 받는 trust domain이 아닙니다. 소문자 DNS 레이블을 점으로 이어 적어야 합니다. 예: mesh.example",
  "{} is not a DNS domain of a cluster, such as cluster.local or corp.internal (lower case, no dot at either end)":
    "{1} 값은 클러스터의 DNS 도메인이 아닙니다. 소문자로, 앞뒤에 점 없이 적어야 합니다. 예: cluster.local, corp.internal",
  '{} cannot be a mesh\'s id, which is the value of a label (letters, digits, "-", "_" and ".", at most 63)':
    '{1} 값은 메시 ID로 쓸 수 없습니다. 레이블 값이어야 합니다 (영문자, 숫자, "-", "_", ".", 최대 63자)',
  '{} cannot be the value of a label (letters, digits, "-", "_" and ".", at most 63); the default is the cluster\'s name':
    '{1} 값은 레이블 값으로 쓸 수 없습니다 (영문자, 숫자, "-", "_", ".", 최대 63자). 기본값은 클러스터 이름입니다',
  '{} is not a key that Kubernetes accepts, such as role or example.org/role (at most 63 of letters, digits, "-", "_" and "." after the slash)':
    '{1} 값은 Kubernetes 키가 아닙니다 (슬래시 뒤는 영문자, 숫자, "-", "_", ".", 최대 63자). 예: role, example.org/role',
  '{} cannot be the value of a label or a taint (letters, digits, "-", "_" and ".", at most 63)':
    '{1} 값은 레이블이나 taint의 값으로 쓸 수 없습니다 (영문자, 숫자, "-", "_", ".", 최대 63자)',
  "{} is not an image registry, such as docker.io/istio or registry.example:5000/istio (without https://, tag or trailing slash, the path in lower case)":
    "{1} 값은 이미지 레지스트리가 아닙니다. https://, 태그, 끝의 슬래시 없이 경로는 소문자로 적어야 합니다. 예: docker.io/istio, registry.example:5000/istio",
  "{} is not an image tag, such as {}-distroless": "{1} 값은 이미지 태그가 아닙니다. 예: {2}-distroless",
  "{} is not an image, such as docker.io/curlimages/curl:8.16.0 (without https://)":
    "{1} 값은 이미지가 아닙니다. https:// 없이 적어야 합니다. 예: docker.io/curlimages/curl:8.16.0",
  '"ports" leaves {} out; remove it here, or add it there':
    '"ports"에 {1} 항목이 없습니다. 여기서 지우거나 "ports"에 추가해야 합니다',
  "is already that of {} of the east-west gateway in cluster {}":
    "이미 클러스터 {2}의 east-west 게이트웨이에서 {1}에 사용합니다",
  "{} {}; give each its own node port": "{1} 포트는 {2}. NodePort를 각각 다르게 적어야 합니다",
  "csp {} ({}) gives Services of type LoadBalancer no address":
    "csp {1}({2})에서는 LoadBalancer 서비스에 주소가 할당되지 않습니다",
  'is required: {}; reserve an address at the provider, set it here, and forward it to the node ports of Service istio-ingressgateway, or set csp to "generic" if a controller in the cluster assigns addresses':
    '필수 항목입니다. {1}. 콘솔에서 주소를 확보해 여기에 적고 서비스 istio-ingressgateway의 NodePort로 연결합니다. 클러스터 안에서 주소를 할당하는 것이 있으면 csp를 "generic"으로 바꿔야 합니다',
  "got true, but in cluster {} {}; set it to false": "값이 true이지만 클러스터 {1}: {2}. false로 바꿔야 합니다",
  "{} must be {} {}, got {}; remove it": "{1} 값은 {2}이어야 합니다 ({3}). 현재 값: {4}. 지워야 합니다",
  'the program does not know an annotation of {} for this, got {}; remove it, and set "annotations" if you know one':
    '{1}에서 설정하는 방법이 알려져 있지 않습니다. 현재 값: {2}. 지우고, 방법을 알면 "annotations"를 사용합니다',
  "must not be empty; to select all, remove it": "비어 있으면 안 됩니다. 모두 쓰려면 지워야 합니다",
  "has a port twice": "같은 포트가 두 번 있습니다",
  "must have {} ({}), to which the other clusters connect": "다른 클러스터가 들어오는 {1}({2}) 포트가 있어야 합니다",
  "{} is outside {}-{}, Kubernetes' range of node ports": "{1} 값은 Kubernetes NodePort 범위({2}-{3}) 밖입니다",
  "{} is already that of {}; give each its own node port":
    "{1} 값은 이미 {2}에 사용합니다. NodePort를 각각 다르게 적어야 합니다",
  "{} is not a load balancer class, such as service.k8s.aws/nlb or tailscale":
    "{1} 값은 로드 밸런서 클래스가 아닙니다. 예: service.k8s.aws/nlb, tailscale",
  "{} is neither a host name nor an IP, nor a list of two; leave out the port, which is always 15443":
    "{1} 값은 호스트 이름, IP 또는 그 둘의 목록이 아닙니다. 포트는 항상 15443이므로 적지 않습니다",
  "{} cannot be reached from other clusters (loopback, link-local, multicast or unspecified); give the address at which they reach the gateway":
    "{1} 주소(루프백, 링크 로컬, 멀티캐스트, 미지정)로는 다른 클러스터가 이 게이트웨이에 접속할 수 없습니다. 접속할 수 있는 주소를 적어야 합니다",
  "has an address twice": "같은 주소가 두 번 있습니다",
  "is required: the autoscaler measures CPU in percent of it; Istio's chart has 100m":
    "필수 항목입니다. 오토스케일러가 이 값에 대한 CPU 비율을 측정합니다. Istio 차트의 값은 100m입니다",
  "clusters: a mesh needs at least two; add the others here":
    "clusters: 클러스터가 하나뿐이라 연결할 상대가 없습니다. 다른 클러스터를 추가해야 합니다",
  "replicas and autoscaling exclude each other; remove one":
    "replicas와 autoscaling은 함께 쓸 수 없습니다. 하나를 지워야 합니다",
  "{} does not exist; give an https:// URL, the path of a release's manifest or a folder, or none":
    "{1} 파일이 없습니다. https:// URL, 릴리스 매니페스트나 폴더의 경로 또는 none을 적어야 합니다",
  "is only for a source that is read, and source is {}": "읽을 때만 쓰는 값인데 source 값이 {1}입니다",
  "is only for a single file, and {} is a folder": "파일 하나에만 쓰는 값인데 {1}은(는) 폴더입니다",
  "{} is not a cluster of the mesh, which has {}. Correct it, or cancel the operation: pulumi config rm csp-mesh:operation":
    "{1}: 메시에 없는 클러스터입니다. 메시의 클러스터: {2}. 고치거나 작업을 취소해야 합니다: pulumi config rm csp-mesh:operation",
  "must be at most {}, the number of states, got {}": "단계 수 {1} 이하여야 합니다. 현재 값: {2}",
  "is empty; remove csp-mesh:operation": "비어 있습니다. csp-mesh:operation을 지워야 합니다",
  "is not an operation of this version, which has {}": "이 버전에 없는 작업입니다. 가능한 작업: {1}",
};
