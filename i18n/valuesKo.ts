// What the checks of Helm values and of CA certificates say, in Korean, as `problemsKo.ts`.

export const valuesKo: Readonly<Record<string, string>> = {
  "keys with dots have no effect in values files": "값 파일의 키에는 점을 쓸 수 없으며 차트가 읽지 않습니다",
  "nest a table for each dot": "점마다 하위 맵으로 나누어 적어야 합니다",
  "remove it": "지워야 합니다",
  "must be a table of values": "맵이어야 합니다",
  "give one or remove it": "맞게 적거나 지워야 합니다",
  "removes the chart's values below it": "차트의 하위 값이 없어집니다",
  "the program sets {} itself": "프로그램이 직접 설정하는 값입니다: {1}",
  "the program's gateway, remote secrets and claims are in istio-system":
    "프로그램의 게이트웨이, 원격 시크릿, 소유 표시가 istio-system에 있습니다",
  "each cluster of this mesh has its own control plane": "이 메시는 클러스터마다 자체 컨트롤 플레인이 있습니다",
  "the program gives istiod its intermediate CA as cacerts": "프로그램이 istiod에 중간 인증서를 cacerts로 제공합니다",
  "no pod would get a sidecar": "파드에 사이드카가 주입되지 않습니다",
  "the CRDs of Istio would be missing": "Istio CRD가 설치되지 않습니다",
  "Istio's validation webhook would call an istiod that does not exist":
    "Istio 검증 웹훅이 없는 istiod를 호출하게 됩니다",
  "the gateways between the clusters would not know the Services, and requests between clusters would fail":
    "클러스터 간 게이트웨이가 서비스를 알지 못해 다른 클러스터로 요청이 전달되지 않습니다",
  "reserved by Istio for defaults; set the values below it directly":
    "Istio가 기본값을 두는 곳입니다. 하위 값을 직접 설정해야 합니다",
  "Istio's charts refuse it; set the values below it directly":
    "Istio 차트가 거부하는 값입니다. 하위 값을 직접 설정해야 합니다",
  "the chart reads nothing below it": "차트가 하위 값을 읽지 않습니다",
  "set the values below it in the chart's values": "하위 값을 차트의 값으로 적어야 합니다",
  "some of the chart's objects would be missing": "차트의 객체 일부가 만들어지지 않습니다",
  "the other clusters' istiods would have no account to read this cluster":
    "다른 클러스터의 istiod가 이 클러스터를 읽을 계정이 없어집니다",
  "the program hands out the token of {}": "프로그램이 {1} 계정의 토큰을 제공합니다",
  "a profile changes values on which the program depends; set single values":
    "프로필은 프로그램이 쓰는 값을 바꿉니다. 값을 하나씩 설정해야 합니다",
  "istiod crashes at its first remote secret": "istiod가 첫 원격 시크릿에서 비정상 종료합니다",
  "the program could not read from istiod which clusters it has synced":
    "프로그램이 다른 클러스터의 상태를 istiod에서 조회할 수 없습니다",
  "gateways with a host name as their address would not be found": "주소가 호스트 이름인 게이트웨이를 찾을 수 없습니다",
  "Services would be visible only in their own cluster until each is exported":
    "서비스를 하나씩 내보내기 전에는 각 클러스터 안에서만 보입니다",
  "no pod would get a certificate": "파드가 인증서를 받지 못합니다",
  "istiod would sign with its former CA after a renewal": "갱신 후에도 istiod가 이전 CA로 서명합니다",
  "pods look for their root in the ConfigMap istio-ca-root-cert":
    "파드는 ConfigMap istio-ca-root-cert에서 루트 인증서를 읽습니다",
  "Istio's chart sets it itself": "Istio 차트가 직접 설정하는 값입니다",
  "this chart creates no gateways": "이 차트는 게이트웨이를 만들지 않습니다",
  "set csp-mesh:gateway and csp-mesh:ingress instead": "대신 csp-mesh:gateway와 csp-mesh:ingress를 설정해야 합니다",
  "the program finds istiod by its labels {}": "다음 레이블로 istiod를 식별합니다: {1}",
  "remove these labels": "이 레이블을 지워야 합니다",
  "there would be no control plane": "컨트롤 플레인이 없어집니다",
  "istiod would run without the program's meshConfig": "istiod가 프로그램의 meshConfig 없이 실행됩니다",
  "pods and gateways of the program follow the default revision":
    "프로그램의 파드와 게이트웨이는 default 리비전을 따릅니다",
  "pods of the default revision would be injected by two webhooks":
    "default 리비전의 파드에 웹훅 두 개가 사이드카를 주입합니다",
  "istiod's version would differ from the charts' and the proxies'": "istiod 버전이 차트, 프록시의 버전과 달라집니다",
  "set istio.tag": "istio.tag를 설정해야 합니다",
  "the sample and the proof need Istio's own sidecar": "샘플과 검증은 Istio의 기본 사이드카를 전제로 합니다",
  "the program's gateways use Istio's own pod template":
    "프로그램의 게이트웨이는 Istio 기본 템플릿으로 만든 파드입니다",
  "istiod would refuse the pods' tokens": "istiod가 파드의 토큰을 거부합니다",
  "gateways, rules and the proof would use another cluster domain, and requests between clusters would fail":
    "게이트웨이, 규칙, 검증이 다른 클러스터 도메인을 써서 다른 클러스터로 요청이 전달되지 않습니다",
  "set csp-mesh:clusterDomain instead": "대신 csp-mesh:clusterDomain을 설정해야 합니다",
  "istiods would not read the clusters' own rules, nor the gateways between them":
    "istiod가 클러스터의 규칙과 클러스터 간 게이트웨이를 읽지 않습니다",
  'add one of the address "k8s://"': '주소가 "k8s://"인 항목을 추가해야 합니다',
  "a network of this mesh would have a further or a different gateway":
    "이 메시의 네트워크에 게이트웨이가 추가되거나 바뀝니다",
  "set clusters[].gateway.externalAddress instead": "대신 clusters[].gateway.externalAddress를 설정해야 합니다",
  "the sample's Services would stay in their own cluster, and requests between clusters would fail":
    "샘플의 서비스가 각 클러스터 안에서만 보여 다른 클러스터로 요청이 전달되지 않습니다",
  "leave the sample's namespace out of clusterLocal": "clusterLocal에서 샘플의 네임스페이스를 빼야 합니다",
  "istiod does not start unless it is a list of trust domains": "trust domain 목록이 아니면 istiod가 시작하지 않습니다",
  "give a list": "목록으로 적어야 합니다",
  "istiods would not see the program's gateway or the sample, and requests between clusters would fail":
    "istiod가 프로그램의 게이트웨이나 샘플을 보지 못해 다른 클러스터로 요청이 전달되지 않습니다",
  "add a selector of the label kubernetes.io/metadata.name, In [istio-system, and sample.namespace]":
    "kubernetes.io/metadata.name 레이블의 In [istio-system, sample.namespace 값] 셀렉터를 추가해야 합니다",
  "sidecars would not use mutual TLS, and gateways forward nothing else":
    "사이드카가 상호 TLS를 쓰지 않게 되며, 게이트웨이는 상호 TLS만 전달합니다",
  'the program has an extension provider "{}" that the proof needs to identify callers':
    '프로그램이 자체 extension provider "{1}" 항목을 쓰며, 검증이 이것으로 호출자를 식별합니다',
  "give it another name": "다른 이름을 적어야 합니다",
  "proxies would connect to another istiod than their cluster's": "프록시가 다른 클러스터의 istiod에 접속합니다",
  "proxies would get no certificates": "프록시가 인증서를 받지 못합니다",
  "the proof queries proxies on port 15000": "검증이 프록시를 15000 포트로 조회합니다",
  "the mesh's id would differ from the program's": "메시 ID가 프로그램의 값과 달라집니다",
  "set istio.meshId": "istio.meshId를 설정해야 합니다",
  "Istio sets it for each proxy": "Istio가 프록시마다 직접 설정하는 값입니다",
  "the program sets {} in istiod's environment": "프로그램이 istiod에 직접 설정하는 환경 변수입니다: {1}",
  "it contradicts values of the program and Istio's chart": "프로그램과 Istio 차트가 값으로 설정하는 내용과 모순됩니다",
  "requests to the sample would bypass its sidecars, so the proof would fail":
    "샘플로 가는 요청이 사이드카를 거치지 않아 검증이 실패합니다",
  "the API server refuses istiod's Service": "API 서버가 istiod의 서비스를 거부합니다",
  "set SingleStack, PreferDualStack or RequireDualStack":
    "SingleStack, PreferDualStack, RequireDualStack 중 하나를 적어야 합니다",
  "the API server refuses istiod's webhook": "API 서버가 istiod의 웹훅을 거부합니다",
  "set Never or IfNeeded": "Never 또는 IfNeeded를 적어야 합니다",
  "give selectors that select no pod of the sample (app: sleep and app: reviews)":
    "샘플의 파드(app: sleep, app: reviews)를 선택하지 않는 셀렉터를 적어야 합니다",
  'set "*", or IP ranges that contain the Services of all clusters':
    '"*" 또는 모든 클러스터의 서비스가 속한 IP 대역을 적어야 합니다',
  "set IP ranges without Services of any cluster": "어느 클러스터의 서비스도 속하지 않는 IP 대역을 적어야 합니다",
  'add "sidecar"': '"sidecar"를 추가해야 합니다',
  'add "istio-ca"': '"istio-ca"를 추가해야 합니다',
  "it is not an image pull policy": "이미지 풀 정책이 아닙니다",
  "set Always, IfNotPresent or Never": "Always, IfNotPresent, Never 중 하나를 적어야 합니다",
  "must be a table of strings, or the API server refuses the object":
    "문자열 맵이어야 합니다. 아니면 API 서버가 객체를 거부합니다",
  "put its values in quotes": "값을 따옴표로 감싸야 합니다",
  "must be a table of strings": "문자열 맵이어야 합니다",
  "must be true or false without quotes: every string counts as true":
    "따옴표 없는 true 또는 false여야 합니다. 문자열은 내용과 관계없이 true로 취급됩니다",
  "remove the quotes": "따옴표를 지워야 합니다",
  "must be a number": "숫자여야 합니다",
  "must be a number, or a percentage such as 25%": "숫자 또는 25% 같은 비율이어야 합니다",
  "must have tables requests and limits with quantities, such as cpu: 500m and memory: 2Gi":
    "requests와 limits에 수량을 담은 맵이 있어야 합니다. 예: cpu: 500m, memory: 2Gi",
  "give them or remove it": "맞게 적거나 지워야 합니다",
  "no proxy would start": "프록시가 시작하지 않습니다",
  "set a log level of Envoy, such as warning": "Envoy의 로그 수준을 적어야 합니다. 예: warning",
  "istiod does not start unless it is a duration": "시간 값이 아니면 istiod가 시작하지 않습니다",
  "give one such as 30m": "30m과 같이 적어야 합니다",

  "an ECDSA key (P-256, P-384 or P-521) or an RSA key of 2048 to 8192 bits":
    "ECDSA 키(P-256, P-384, P-521) 또는 2048~8192비트 RSA 키",
  "reissue it {}": "다시 발급받아야 합니다 ({1})",
  "for {}": "{1} 사용",
  "with SHA-256": "SHA-256으로 서명",
  "with serverAuth and clientAuth, or without extended key usage":
    "serverAuth와 clientAuth 포함 또는 확장 키 사용 없이",
  "with the key usage keyCertSign": "키 사용 keyCertSign 포함",
  "without that name constraint": "그 이름 제약 없이",
  "without requireExplicitPolicy": "requireExplicitPolicy 없이",
  "without it": "그 확장 없이",
  "with a positive one": "양수 일련번호 사용",
  "reissue it with the issuer's current certificate": "발급자의 현재 인증서로 다시 발급받아야 합니다",
  "{} may not sign certificates by its key usage": "{1} 인증서는 키 사용 설정상 다른 인증서에 서명할 수 없습니다",
  "{} has a negative serial number, which Go refuses": "{1} 인증서의 일련번호가 음수여서 Go가 거부합니다",
  "{} has a key with explicit curve parameters, which Go refuses":
    "{1} 인증서의 키가 이름 대신 매개변수로 적은 곡선을 써서 Go가 거부합니다",
  "{} has a key on the curve {}, which Go does not know": "{1} 인증서의 키가 Go에서 지원하지 않는 곡선 {2} 기반입니다",
  "{} has its key in compressed form, which Go does not read": "{1} 인증서의 키가 압축 형식이어서 Go가 읽지 못합니다",
  "{} has a key of kind {}, which Go does not read": "{1} 인증서의 키가 Go에서 읽지 못하는 종류입니다: {2}",
  "{} has an RSA key of {} bits, which is too weak": "{1} 인증서의 RSA 키가 {2}비트여서 너무 약합니다",
  "{} has an RSA key of {} bits, which Go refuses": "{1} 인증서의 RSA 키가 {2}비트여서 Go가 거부합니다",
  "{} has an RSA key whose exponent is too large for Go": "{1} 인증서의 RSA 키 지수가 Go에서 쓰기에 너무 큽니다",
  "{} is signed with {}, which Go refuses": "{1} 인증서는 Go가 거부하는 {2} 방식으로 서명되었습니다",
  "{} is signed by the algorithm {}, which Go does not know":
    "{1} 인증서는 Go에서 지원하지 않는 알고리즘 {2} 방식으로 서명되었습니다",
  "{} is signed by RSA-PSS with parameters that Go does not know":
    "{1} 인증서는 Go에서 지원하지 않는 매개변수의 RSA-PSS로 서명되었습니다",
  "servers (serverAuth)": "서버(serverAuth)",
  "clients (clientAuth)": "클라이언트(clientAuth)",
  "{} has the extended key usage {}, which excludes {}: every workload is both":
    "{1} 인증서의 확장 키 사용 {2} 설정에서 {3} 용도가 빠져 있습니다. 모든 워크로드는 서버이자 클라이언트입니다",
  "{} requires an explicit policy, and istiod's certificates have none":
    "{1} 인증서는 명시적 정책을 요구하지만 istiod는 정책을 적지 않습니다",
  "{} has the critical extension {}, which Go or Envoy does not accept":
    "{1} 인증서에 Go나 Envoy가 지원하지 않는 critical 확장 {2} 항목이 있습니다",
  "{} has the extension {} twice": "{1} 인증서에 확장 {2} 항목이 두 번 있습니다",
  "{} has a certificate policy twice, which Go refuses": "{1} 인증서에 같은 인증서 정책이 두 번 있어 Go가 거부합니다",
  "{} encodes its issuer's name differently than the issuer does, and Go compares bytes":
    "{1} 인증서의 발급자 이름 인코딩이 발급자 인증서와 다르며, Go는 바이트 단위로 비교합니다",
  "{} has the authority key identifier of another key, which Envoy refuses":
    "{1} 인증서의 발급자 키(authority key identifier)가 발급자의 키와 달라 Envoy가 거부합니다",
  "{} has a name constraint of a kind that Go cannot read": "{1} 인증서에 Go가 읽지 못하는 종류의 이름 제약이 있습니다",
  "DNS names": "DNS 이름",
  "{} permits {} of {} only, and not {}": "{1} 인증서는 {2} 가운데 {3} 값만 허용하고 {4} 값은 허용하지 않습니다",
  "{} excludes {} of {}, and so {}": "{1} 인증서는 {2} 가운데 {3} 값을 금지하므로 {4} 값도 금지됩니다",
};
