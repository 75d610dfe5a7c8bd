"""The numbering schemes that say where the regions of a variable domain begin and end.

=======  ======================  ======================  =====================================
scheme   CDRs of a heavy chain   CDRs of a light chain   source of the CDRs
=======  ======================  ======================  =====================================
imgt     27-38, 56-65, 105-117   27-38, 56-65, 105-117   Lefranc et al. 2003
kabat    31-35, 50-65, 95-102    24-34, 50-56, 89-97     Kabat et al. 1991
chothia  26-32, 52-56, 96-101    26-32, 50-52, 91-96     the loops of Chothia and Lesk 1987
martin   26-35, 50-58, 95-102    24-34, 50-56, 89-97     AbM, in Abhinandan and Martin 2008
aho      25-42, 57-77, 109-138   25-42, 57-77, 109-138   Honegger and Plückthun 2001
=======  ======================  ======================  =====================================

Other programs have other CDRs under the names Chothia and Martin.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

Scheme: TypeAlias = Literal["imgt", "kabat", "chothia", "martin", "aho"]

SCHEMES: Final[tuple[Scheme, ...]] = get_args(Scheme)
"""Every scheme, the most used one first."""
