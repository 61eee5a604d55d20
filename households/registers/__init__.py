"""The four registers (四本册): actual residents, key people, key organisations, area resources.

Each is one definition, `columns.Register`: which rows of an area, which columns, how a cell is said and masked. The
page, the .xlsx and the .csv are three ways to write down the same definition, so they can't differ.
"""

from households.registers.columns import Register
from households.registers.key_people import KEY_PEOPLE
from households.registers.organisations import ORGANISATIONS
from households.registers.residents import RESIDENTS
from households.registers.resources import RESOURCES

REGISTERS: dict[str, Register] = {
    register.code: register for register in (RESIDENTS, KEY_PEOPLE, ORGANISATIONS, RESOURCES)
}
