"""Two hundred queries as people type them into the search box of a grocery shop, and the households that ask.

Single words, brands, whole sentences, diets, occasions, sizes, misspellings, and things a grocer does not sell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from recsys.schema import SHOPPER_ID

if TYPE_CHECKING:
    from recsys.engine import Engine

QUERIES: Final[tuple[str, ...]] = (
    # one word
    "milk", "bread", "eggs", "bananas", "butter", "cheese", "coffee", "yogurt", "chicken", "bacon", "pasta", "rice",
    "cereal", "apples", "lettuce", "tomatoes", "onions", "potatoes", "salsa",  "mayonnaise",
     "flour", "honey", "popcorn",  "crackers", "cookies", "ice cream", "salmon", "shrimp",
    "hummus", "granola", "oatmeal",  "water", "beer", "wine", "diapers", "shampoo", "toothpaste", "detergent",
    # a product with what matters about it
    "gluten free pasta", "whole wheat bread", "2% milk gallon", "lactose free milk", "unsweetened almond milk",
    "greek yogurt vanilla", "extra sharp cheddar", "shredded mozzarella", "low sodium soup", "diet cola 12 pack",
    "decaf ground coffee", "organic baby spinach", "seedless red grapes", "boneless chicken breast", "lean ground beef",
    "thick cut bacon", "frozen mixed vegetables", "brown rice", "black beans canned", "diced tomatoes no salt",
    "extra virgin olive oil", "apple cider vinegar", "raw almonds", "crunchy peanut butter", "sugar free jelly",
    "steel cut oats", "hot dog buns", "flour tortillas", "sourdough bread", "cinnamon raisin bagels",
    "cage free large eggs", "unsalted butter sticks", "heavy whipping cream", "sour cream", "string cheese",
    "cottage cheese low fat", "turkey deli meat", "italian sausage", "pork chops", "fish sticks", "tuna in water",
    "smoked salmon", "frozen pizza pepperoni", "chicken nuggets", "microwave dinner", "frozen waffles", "hash browns",
    "vanilla ice cream", "popsicles", "whipped topping", "pie crust", "chocolate chips", "baking powder",
    "cake mix chocolate", "pancake syrup", "cream of mushroom soup", "chicken broth", "macaroni and cheese",
    "spaghetti sauce", "taco shells", "refried beans", "soy sauce", "barbecue sauce", "ranch dressing",
    "dill pickles", "green olives", "tortilla chips", "potato chips family size", "microwave popcorn butter",
    "trail mix", "granola bars chewy", "fruit snacks", "applesauce cups", "orange juice no pulp", "cranberry juice",
    "lemonade", "sports drink", "energy drink", "sparkling water lime", "ginger ale", "green tea bags", "hot chocolate",
    # the household
    "paper towels", "toilet paper", "trash bags 13 gallon", "dish soap", "dishwasher tablets", "laundry detergent",
    "fabric softener", "bleach", "glass cleaner", "sponges", "aluminum foil", "sandwich bags", "paper plates",
    "light bulbs", "batteries aa", "cat litter", "dry dog food", "cat food tuna", "bird seed", "charcoal",
    "baby wipes", "baby food pears", "infant formula", "size 4 diapers", "body wash", "hand soap refill", "deodorant",
    "razor blades", "mouthwash", "cold medicine", "ibuprofen", "multivitamin", "bandages", "sunscreen", "greeting card",
    "flowers",
    # what a person wants rather than what it is called
    "quick dinner for kids", "something for taco night", "healthy snack for school lunch", "breakfast on the go",
    "food for a barbecue", "what to bring to a potluck", "low carb dinner", "vegan protein", "high fiber breakfast",
    "sugar free candy", "snacks for a movie night", "birthday party for a five year old", "thanksgiving side dish",
    "christmas baking", "soup for a cold day", "easy pasta dinner for two", "cheap meals for a family",
    "something sweet without chocolate", "spicy snack", "salad without cooking", "ingredients for lasagna",
    "pizza at home", "stir fry vegetables", "smoothie ingredients", "food for a new baby", "treats for my dog",
    "clean the bathroom", "remove stains from clothes", "gift for a friend", "light lunch at work",
    "drink for after running", "dinner without meat", "cheese board for guests", "chips and dip",
    # misspelt, foreign, odd
    "bannana", "yoghurt strawbery", "spagetti", "tomatos", "leche entera", "queso fresco", "pomme de terre",
    "quinoa 🥗", "2 litre pepsi", "laptop charger",
)  # fmt: skip


def shopper_ids(engine: Engine, n: int) -> list[str]:
    """The ids of n households, evenly spread over the table; fewer when there are fewer."""
    ids = engine.shoppers[SHOPPER_ID].astype(str).to_numpy()
    rows = np.unique(np.linspace(0, len(ids) - 1, min(n, len(ids))).astype(np.int64))
    return [str(i) for i in ids[rows]]


def first_queries(n: int) -> list[str]:
    """n of the queries, evenly spread over their kinds."""
    rows = np.linspace(0, len(QUERIES) - 1, min(n, len(QUERIES))).astype(np.int64)
    return [QUERIES[row] for row in rows]
